"""A merge is shown on the member's page and can be undone there, once, by who may; it stands in the audit log."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.access.models import AuditEntry
from app.cases.models import Case
from app.flows.members import merging
from app.identity import members, merges, queries
from app.identity.duplicates import sightings
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.stages.models import Stage
from app.timeline import events
from app.timeline.models import EventKind
from app.workers import cases as case_worker
from app.workers.duplicates import searching
from tests.builders import buying
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock


def noon(day: date) -> datetime:
    return app_clock.start_of_day(day) + timedelta(hours=12)


def ask_about(world: World) -> tuple[Case, Member, Member]:
    """The case about two members of the world's mall who stood in one row of a file."""
    older, younger = make_member(world.mall), make_member(world.mall)
    for one in (older, younger):
        members.set_name(one, "王小明")
    sightings.note("card", "C9", [older.id, younger.id])
    searching.search()
    case_worker.raise_cases()
    case = db.session.scalars(select(Case).where(Case.kind == "duplicate_members", Case.outcome.is_(None))).one()
    return case, older, younger


def test_two_members_stand_beside_each_other_and_one_is_kept(operations: Console, world: World) -> None:
    case, older, younger = ask_about(world)
    page = f"{world.base}/cases/{case.public_id}"
    text = operations.get(page).text
    assert "手机号属于一位，会员卡号属于另一位" in text and "60%" in text
    assert text.count("王**") == 2 and "王小明" not in text
    assert f"/members/{older.public_id}" in text and f"/members/{younger.public_id}" in text
    operations.post(f"{page}/take", tab="team")
    assert "以后从任何入口进来都是同一位会员" in operations.get(page).text
    for _ in range(2):
        operations.post(
            f"{page}/answer", page=page, key="answer-once", outcome="same_person_other", note="", tab="team"
        )
    assert queries.get_member(older.id).id == younger.id
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"member:{older.id}")).one()
    assert entry.action == "member.merged"
    assert entry.actor_kind == "staff"
    listed = operations.get(f"{world.base}/members/merges").text
    assert "人工确认" in listed and entry.actor_name in listed
    assert "合并记录" in operations.get(f"{world.base}/members").text


def test_who_may_not_see_members_decides_nothing_and_reads_no_names(finance: Console, world: World) -> None:
    case, older, _ = ask_about(world)
    text = finance.get(f"{world.base}/cases/{case.public_id}").text
    assert "王" not in text and older.public_id not in text


def test_a_merge_is_undone_once_and_audited(operations: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    address = f"{member}/merges/{world.merge_id}"
    assert address in operations.get(member).text
    asked = operations.get(address).text
    assert "撤销这次合并？" in asked and "合并时没有记下被合并会员的分层" in asked
    for _ in range(2):
        assert operations.post(f"{address}/undo", page=address, key="undo-once").location == member
    said = operations.get(member).text
    assert "已撤销合并" in said and "当时没有记下被合并会员的分层，明天凌晨重新计算" in said
    assert "已撤销" in operations.get(f"{world.base}/members/merges").text
    entry = audited("member.merge_undone")
    parted = queries.get_member(int(entry.subject.partition(":")[2]))
    assert queries.is_joined(parted)
    assert parted.id != world.member.id


def test_who_undoes_a_merge_is_told_where_the_member_stands_again(
    operations: Console, world: World, clock: StillClock
) -> None:
    kept = joined_on_one_day(world, clock)
    merge, _ = merges.list_of([kept.id])[0]
    address = f"{world.base}/members/{kept.public_id}/merges/{merge.id}"
    assert "分层恢复到合并前" in operations.get(address).text
    operations.post(f"{address}/undo", page=address)
    assert "分层恢复为「已购会员」" in operations.get(f"{world.base}/members/{kept.public_id}").text
    assert "分层恢复为「已购会员」" in operations.get(address).text


def test_who_only_looks_is_not_offered_to_undo(auditor: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    assert "合并记录" in auditor.get(member).text
    assert "/merges/" not in auditor.get(member).text


def joined_on_one_day(world: World, clock: StillClock) -> Member:
    """Somebody with two numbers, who joined twice on one day and bought under the younger one; returns who they are."""
    day = app_clock.business_date(clock.now) - timedelta(days=20)
    older, younger = (make_member(world.mall, phone=phone) for phone in ("13711112222", "13799998888"))
    make_path(older, (day, Stage.NEW), (day + timedelta(days=8), Stage.WARNING))
    make_path(younger, (day, Stage.NEW), (day + timedelta(days=12), Stage.FIRST))
    make_night(app_clock.business_date(clock.now) - timedelta(days=1))
    for one in (older, younger):
        fact = Fact("test", EventKind.VISITED, one.id)
        events.record(one.id, kind=EventKind.VISITED, fact=fact, occurred_at=noon(day), mall_id=world.mall.id)
    assert merging.merge_members(older.id, younger.id, keep_id=older.id, now=clock.now) is not None
    return older


def test_each_phone_of_a_merged_member_is_shown_by_its_own_digits(
    operations: Console, world: World, clock: StillClock
) -> None:
    member = f"{world.base}/members/{joined_on_one_day(world, clock).public_id}"
    known = operations.get(member).text.split("联系方式与身份")[1].split("</dl>")[0]
    assert known.count("137****2222") == 1 and known.count("137****8888") == 1
    shown = operations.post(f"{member}/phone", page=member).text.split("联系方式与身份")[1].split("</dl>")[0]
    assert shown.count("13711112222") == 1 and shown.count("13799998888") == 1


def test_a_merged_member_stands_once_and_is_told_once(operations: Console, world: World, clock: StillClock) -> None:
    kept = joined_on_one_day(world, clock)
    day = app_clock.business_date(clock.now) - timedelta(days=20)
    page = f"{world.base}/members/{kept.public_id}"
    stands = operations.get(page).text.split('aria-label="会员概况"')[1].split("变动记录")[0]
    assert f"{day + timedelta(days=8)}</span> 起，上一分层「新会员」" in stands and "流失预警" in stands
    assert operations.get(page).text.count("分层为新会员") == 1
    steps = operations.get(f"{page}?tab=lifecycle").text.split("分层变动")[1]
    assert "并入本会员" in steps and steps.count("合并前的另一个会员号") == 3
    listed = operations.get(f"{world.base}/lifecycle/members").text
    assert "137****2222" in listed and "137****8888" not in listed


def test_the_list_adds_up_what_a_merged_member_did_and_tells_no_gift_as_a_visit(
    operations: Console, world: World, clock: StillClock
) -> None:
    day = app_clock.business_date(clock.now) - timedelta(days=20)
    older, younger = make_member(world.mall), make_member(world.mall)
    buying.buy(younger, world.store, noon(day), 12_300)
    bought = Fact("test", EventKind.PURCHASED, younger.id)
    events.record(younger.id, kind=EventKind.PURCHASED, fact=bought, occurred_at=noon(day), mall_id=world.mall.id)
    given = Fact("test", EventKind.COUPON_GIVEN, older.id)
    events.record(older.id, kind=EventKind.COUPON_GIVEN, fact=given, occurred_at=clock.now, mall_id=world.mall.id)
    merging.merge_members(older.id, younger.id, keep_id=older.id, now=clock.now)
    rows = operations.get(f"{world.base}/members").text.split('id="rows"')[1].split("<tr>")
    row = next(one for one in rows if older.public_id in one)
    assert "¥123.00" in row and f"{day:%m-%d} 12:00" in row
