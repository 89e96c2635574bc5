"""What staff do for a member by hand: a coupon, points, a note, a case; each with a reason, and within limits."""

import pytest
from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.care import queries as care_queries
from app.care import rules
from app.care.models import CareRequest
from app.cases.models import Case
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.points.ledger.models import EntryKind, PointsEntry
from tests.builders import cases
from tests.builders.benefits import make_campaign
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.staff import phone_of
from tests.mall_console.conftest import Console, audited


@pytest.fixture
def care(world: World) -> str:
    return f"{world.base}/members/{world.member.public_id}/care"


def waiting() -> list[str]:
    """Which limits the requests are over that wait for a second person."""
    return list(db.session.scalars(select(CareRequest.over).where(CareRequest.status == "waiting")))


def test_a_coupon_is_given_with_a_reason_once_per_press(operations: Console, world: World, care: str) -> None:
    campaign = make_campaign(world.mall, title="补偿券", stock=1)
    given = {"campaign": campaign.public_id, "why": "complaint", "note": "等位太久"}
    for _ in range(2):
        answer = operations.post(f"{care}/coupons", key="C" * 22, **given)
    coupon = db.session.scalars(select(Coupon).where(Coupon.campaign_id == campaign.id)).one()
    assert (coupon.member_id, coupon.trigger) == (world.member.id, "care")
    shown = operations.get(answer.location).text
    assert "赠送优惠券" in shown and "等位太久" in shown and "服务补偿" in shown and "张岚" in shown
    assert audited("care.give_coupon").facts == {"campaign": campaign.code, "why": "complaint"}
    timeline = operations.get(f"{world.base}/members/{world.member.public_id}").text
    rows = timeline.split('id="rows"')[1]
    assert rows.count("获赠优惠券") == 1 and "补偿券" in rows


def test_points_are_given_and_taken_and_the_member_reads_why(operations: Console, world: World, care: str) -> None:
    before = points.get_balance(world.member.id).available_points
    operations.post(f"{care}/points", way="give", points="500", why="missing", note="小票漏记")
    assert audited("care.adjust_points").facts == {"points": 500, "why": "missing"}
    operations.post(f"{care}/points", way="take", points="100", why="mistake", note="多记了")
    assert points.get_balance(world.member.id).available_points == before + 400
    entries = db.session.scalars(select(PointsEntry).where(PointsEntry.kind == EntryKind.ADJUST)).all()
    assert [(one.points, one.reason_code) for one in entries] == [(500, "care_missing"), (-100, "care_mistake")]
    assert "漏记补登" in operations.get(f"{world.base}/members/{world.member.public_id}?tab=points").text
    assert points.list_disagreements() == []


def test_it_is_said_when_not_all_of_it_is_shown(
    operations: Console, world: World, care: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{world.base}/members/{world.member.public_id}?tab=care"
    for text in ("先到的备注", "后到的备注"):
        operations.post(f"{care}/notes", note=text)
    assert "仅显示最近" not in operations.get(address).text
    monkeypatch.setattr(care_queries, "SHOWN", 1)
    shown = operations.get(address).text
    assert "后到的备注" in shown and "先到的备注" not in shown and "仅显示最近 1 条服务记录" in shown


def test_more_points_than_there_are_cannot_be_taken(operations: Console, world: World, care: str) -> None:
    operations.post(f"{care}/points", page=care, way="take", points="4999", why="mistake", note="多记了")
    shown = operations.get(care).text
    assert "积分不足" in shown and "多记了" in shown
    assert db.session.scalars(select(PointsEntry).where(PointsEntry.kind == EntryKind.ADJUST)).all() == []


def test_a_member_is_given_so_much_in_thirty_days_and_no_more(operations: Console, world: World, care: str) -> None:
    for way in ("give", "take"):
        operations.post(f"{care}/points", way=way, points="5000", why="care", note="试")
    answer = operations.post(f"{care}/points", page=care, way="give", points="1", why="care", note="试")
    assert "须经另一位同事审批" in operations.get(answer.location).text
    assert waiting() == ["member"]
    campaign = make_campaign(world.mall, title="关怀券", per_member_limit=9)
    for _ in range(rules.MEMBER_LIMITS.coupons + 1):
        operations.post(f"{care}/coupons", page=care, campaign=campaign.public_id, why="care", note="试")
    given = db.session.scalars(select(Coupon).where(Coupon.campaign_id == campaign.id)).all()
    assert len(given) == rules.MEMBER_LIMITS.coupons and "最多赠送 3 张券" in operations.get(care).text


def test_what_was_given_counts_on_after_a_merge(operations: Console, world: World, care: str) -> None:
    younger = make_member(world.mall)
    for _ in range(2):
        theirs = f"{world.base}/members/{younger.public_id}/care/points"
        operations.post(theirs, way="give", points="5000", why="care", note="试")
    assert points.get_balance(younger.id).available_points == rules.MEMBER_LIMITS.points
    cases.merge(world.member, younger)
    balance = points.get_balance(world.member.id).available_points
    operations.post(f"{care}/points", page=care, way="give", points="1", why="care", note="试")
    assert waiting() == ["member"]
    assert points.get_balance(world.member.id).available_points == balance


def test_a_note_is_for_colleagues_and_a_case_points_at_the_member(operations: Console, world: World, care: str) -> None:
    operations.post(f"{care}/notes", note="喜欢靠窗的位子")
    answer = operations.post(f"{care}/cases", note="想要补开发票")
    shown = operations.get(answer.location).text
    assert "喜欢靠窗的位子" in shown and "想要补开发票" in shown
    case = db.session.scalars(select(Case).where(Case.kind == "member_request")).one()
    assert (case.mall_id, case.evidence) == (world.mall.id, [f"member:{world.member.id}"])
    assert "会员诉求" in operations.get(f"{world.base}/cases").text


def test_another_mall_s_campaign_cannot_be_given_nor_its_notes_read(
    operations: Console, world: World, other: World, care: str
) -> None:
    foreign = make_campaign(other.mall, title="别家的券")
    operations.post(f"{care}/coupons", page=care, campaign=foreign.public_id, why="care", note="试")
    assert "请选择正在发放的活动" in operations.get(care).text
    assert db.session.scalars(select(Coupon).where(Coupon.campaign_id == foreign.id)).all() == []


@pytest.mark.parametrize("kept_index", [True, False])
def test_nobody_does_themselves_a_favour(operations: Console, world: World, kept_index: bool) -> None:
    own = make_member(world.mall, phone=phone_of(operations.person))
    campaign = make_campaign(world.mall, title="自己的券")
    ledger.owe(own.id, points=100, reason=note("测试"), fact="test:owed", now=clock.now())
    if not kept_index:
        operations.person.member_index = None
        db.session.flush()
    page = f"{world.base}/members/{own.public_id}"
    said = {"why": "care", "note": "给自己"}
    for path, typed in {
        "care/coupons": {"campaign": campaign.public_id, **said},
        "care/points": {"way": "give", "points": "10", **said},
        "debt": {"points": "100", "why": "给自己"},
    }.items():
        operations.post(f"{page}/{path}", page=page, **typed)
        assert "这是您本人的会员账号，请由同事办理" in operations.get(page).text
    assert points.get_balance(own.id).debt_points == 100
    assert db.session.scalars(select(Coupon).where(Coupon.member_id == own.id)).all() == []
    operations.post(f"{page}/care/notes", page=page, note="自己的备注")
    assert "自己的备注" in operations.get(f"{page}?tab=care").text


def test_who_goes_back_and_presses_with_other_words_is_told_that_it_was_done(
    operations: Console, world: World, care: str
) -> None:
    before = points.get_balance(world.member.id).available_points
    for number in ("100", "200"):
        sent = {"way": "give", "points": number, "why": "care", "note": "x"}
        answer = operations.post(f"{care}/points", key="B" * 22, page=care, **sent)
    shown = operations.get(answer.location).text
    assert "刚才已提交过一次，内容与这次不同" in shown
    assert points.get_balance(world.member.id).available_points == before + 100
