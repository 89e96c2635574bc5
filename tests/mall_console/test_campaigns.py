"""Campaigns in the console: made, copied, edited as versions, paused, filled up, and what became of their coupons."""

import re
from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.benefits.campaigns.models import Campaign
from app.benefits.grants import queries as grants_queries
from app.flows import redemptions
from app.kernel.clock import business_date, now
from app.kernel.db import db
from tests.builders.benefits import make_coupon, make_till
from tests.builders.console import World
from tests.builders.malls import make_store
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock

OFFER = {
    "title": "春日立减",
    "summary": "满 100 减 20",
    "kind": "cash",
    "face": "20",
    "min_spend": "100",
    "validity": "days",
    "valid_days": "7",
    "per_member_limit": "1",
    "mall_share": "62.5",
    "stock": "",
    "where": "all",
}


def save(operations: Console, address: str, *, page: str | None = None, **typed: object) -> TestResponse:
    """Send a campaign's form, and say yes to what is asked about it."""
    answer = operations.post(address, page=page, **typed)
    if not (answer.location or "").endswith("?asked=1"):
        return answer
    [agreed] = re.findall(r'name="agreed" value="(\w+)"', operations.get(answer.location).text)
    return operations.post(address, page=page, **typed | {"agreed": agreed})


def _campaign(title: str = "春日立减") -> Campaign:
    return db.session.scalars(select(Campaign).where(Campaign.title == title)).one()


def test_a_campaign_is_made_from_the_form(operations: Console, world: World) -> None:
    answer = operations.post(f"{world.base}/campaigns", **OFFER)
    made = _campaign()
    assert answer.location == f"{world.base}/campaigns/{made.public_id}"
    assert (made.face_fen, made.min_spend_fen, made.mall_share_bps, made.valid_days) == (2_000, 10_000, 6_250, 7)
    assert made.all_stores and audited("campaign.create").facts["mall_share_bps"] == 6_250
    assert '商场付给商户 <b class="num">¥62.50</b>' in operations.get(answer.location).text


def test_eight_and_a_half_of_ten_is_fifteen_percent_off(operations: Console, world: World) -> None:
    operations.post(
        f"{world.base}/campaigns",
        **OFFER | {"kind": "discount", "discount": "8.5", "where": "some", "store": world.store.code},
    )
    made = _campaign()
    assert (made.discount_bps, made.all_stores) == (1_500, False)
    assert "8.5折" in operations.get(f"{world.base}/campaigns/{made.public_id}").text


def test_the_preview_says_what_members_read_of_whatever_is_filled_in_by_now(operations: Console, world: World) -> None:
    def shown(**typed: object) -> dict[str, str]:
        answer = operations.post(f"{world.base}/campaigns/preview", **typed)
        assert answer.status_code == 200
        return dict(answer.json or {})

    half = shown(kind="discount", face="x", where="some", validity="days", valid_days="")
    assert (half["face"], half["condition"], half["validity"]) == ("折扣", "请填写最低消费", "请填写有效期")
    assert (half["stores"], half["title"], half["cost"]) == ("请选择门店", "券的名称", "")
    whole = shown(
        kind="discount", discount="8.5", face="50", min_spend="200", where="some", store=[world.store.code],
        validity="days", valid_days="7", title="试", mall_share="60", per_member_limit="2", issue_until="2026-12-31",
    )  # fmt: skip
    assert (whole["face"], whole["condition"]) == ("8.5折", "满 200 元可用，最高减 50 元")
    assert (whole["validity"], whole["limit"], whole["issue"]) == ("领取后 7 天内有效", "2 张", "至 2026-12-31")
    assert world.store.name in whole["stores"] and "商户自担 ¥20（仅列示，不结算）" in whole["cost"]


def test_a_campaign_that_makes_no_sense_names_the_field_and_keeps_the_rest(operations: Console, world: World) -> None:
    page = f"{world.base}/campaigns/new"
    operations.post(
        f"{world.base}/campaigns",
        page=page,
        **OFFER | {"mall_share": "101", "face": "", "issue_from": "x", "where": "some"},
    )
    shown = operations.get(page).text
    assert "有 4 处需要修改：面额、开始发放、适用门店、商场承担" in shown and 'value="春日立减"' in shown
    assert (shown.count('aria-invalid="true"'), shown.count('class="field-problem"')) == (3, 4)
    assert 'id="problem-store">请至少选择一家门店' in shown
    assert "请填写 0 至 100 之间的数" in shown.split('id="problem-mall_share"')[1].split("</small>")[0]
    assert "aria-invalid" not in operations.get(page).text


def test_a_tick_that_was_taken_away_stays_away_on_a_form_that_is_refused(operations: Console, world: World) -> None:
    """Nothing is sent of a field without ticks: it was shown ticked again, as the campaign had it before."""
    ticked = re.compile(r'name="tier" value="gold" checked')
    operations.post(f"{world.base}/campaigns", **OFFER | {"tier": ["gold"]})
    edit = f"{world.base}/campaigns/{_campaign().public_id}/edit"
    assert ticked.search(operations.get(edit).text)
    operations.post(edit.removesuffix("/edit"), page=edit, **OFFER | {"face": "", "seen": "1"})
    refused = operations.get(edit).text
    assert 'id="problem-face"' in refused and not ticked.search(refused)
    assert ticked.search(operations.get(edit).text)


def test_a_paused_campaign_is_not_granted_until_it_is_resumed(operations: Console, world: World) -> None:
    address = f"{world.base}/campaigns/{world.campaign.public_id}"
    operations.post(f"{address}/pause")
    assert grants_queries.list_granted(world.mall.id, trigger="join", now=now()) == []
    operations.post(f"{address}/resume")
    assert len(grants_queries.list_granted(world.mall.id, trigger="join", now=now())) == 1
    assert audited("campaign.pause").subject == audited("campaign.resume").subject


def test_triggers_grant_the_ticked_campaigns_in_the_order_of_the_page(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER)
    one, two = world.campaign, _campaign()
    address = f"{world.base}/campaigns/grants"

    def given(*ticked: Campaign, **more: str) -> list[int]:
        operations.post(address, trigger="join", campaign=[campaign.public_id for campaign in ticked], **more)
        return [campaign.id for campaign in grants_queries.list_granted(world.mall.id, trigger="join", now=now())]

    assert given(two, one) == [two.id, one.id]
    assert given(two, one, move=f"up:{one.public_id}") == [one.id, two.id]
    assert given(one, two, move=f"down:{one.public_id}") == [two.id, one.id]
    assert given(two, one, move=f"up:{two.public_id}") == given(two, one, move="up:x") == [two.id, one.id]
    assert operations.get(address).text.index(two.title) < operations.get(address).text.index(one.title)
    assert given(one) == [one.id]


def test_rules_without_a_known_campaign_change_nothing_and_stopping_is_said(operations: Console, world: World) -> None:
    address = f"{world.base}/campaigns/grants"
    own = world.campaign.public_id

    def given() -> list[int]:
        return [one.id for one in grants_queries.list_granted(world.mall.id, trigger="join", now=now())]

    for sent, said in (
        ({"campaign": ["gone"]}, "已不在列表中"),
        ({"campaign": [own, "gone"]}, "已不在列表中"),
        ({}, "请至少勾选一个活动"),
        ({"campaign": [own], "nothing": "yes"}, "只能选一种"),
    ):
        assert said in operations.post(address, trigger="join", **sent).text
        assert given() == [world.campaign.id]
    assert operations.post(address, trigger="join", nothing="yes").status_code == 303
    assert given() == []


def test_a_trigger_that_can_give_nothing_is_an_alarm(operations: Console, world: World) -> None:
    alarm = f'href="{world.base}/campaigns/grants"><i class="todo-mark todo-bad"'
    assert alarm not in operations.get(world.base).text
    operations.post(f"{world.base}/campaigns/{world.campaign.public_id}/pause")
    assert alarm in operations.get(world.base).text and "入会礼没有可发放的活动" in operations.get(world.base).text
    operations.post(f"{world.base}/campaigns/grants", trigger="join", nothing="yes")
    assert alarm not in operations.get(world.base).text


def test_a_campaign_says_what_grants_it_and_where_that_is_chosen(operations: Console, world: World) -> None:
    made = operations.get(operations.post(f"{world.base}/campaigns", **OFFER).location).text
    assert "未加入发放规则" in made and f'href="{world.base}/campaigns/grants"' in made
    operations.post(f"{world.base}/campaigns/grants", trigger="join", campaign=[_campaign().public_id])
    granted = operations.get(f"{world.base}/campaigns/{_campaign().public_id}").text
    assert "<p>入会礼</p>" in granted and "未加入发放规则" not in granted


def test_an_edit_makes_a_version_that_holds_for_coupons_issued_from_then_on(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER)
    made = _campaign()
    address = f"{world.base}/campaigns/{made.public_id}"
    before = make_coupon(world.member, made)
    typed = operations.get(f"{address}/edit").text
    assert 'value="20"' in typed and 'value="62.5"' in typed and 'name="seen" value="1"' in typed
    save(operations, address, **OFFER | {"face": "30", "per_member_limit": "2", "seen": "1"})
    after = make_coupon(world.member, _campaign())
    assert (before.face_fen, after.face_fen) == (2_000, 3_000)
    versions = operations.get(f"{address}?tab=versions").text
    assert "面额：" in versions and "¥20</s> → <b>¥30" in versions and "张岚" in versions
    assert audited("campaign.revise").facts["version"] == 2


def test_an_edit_of_what_somebody_else_just_changed_is_refused_and_the_same_words_change_nothing(
    operations: Console, world: World
) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER)
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    save(operations, address, **OFFER | {"seen": "1"})
    assert _campaign().version == 1 and "条款没有变化" in operations.get(address).text
    save(operations, address, **OFFER | {"face": "30", "seen": "1"})
    refused = save(operations, address, page=f"{address}/edit", **OFFER | {"face": "50", "seen": "1"})
    assert refused.location == f"{address}/edit"
    assert "刚才有人改过这个活动" in operations.get(f"{address}/edit").text
    assert _campaign().face_fen == 3_000


def test_stores_can_be_added_but_not_taken_from_people_who_hold_the_coupon(operations: Console, world: World) -> None:
    limited = OFFER | {"where": "some", "store": world.store.code}
    operations.post(f"{world.base}/campaigns", **limited)
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    save(operations, address, **OFFER | {"seen": "1"})
    assert _campaign().all_stores
    save(operations, address, page=f"{address}/edit", **limited | {"seen": "2"})
    assert _campaign().all_stores and "适用门店只能增加" in operations.get(f"{address}/edit").text


def test_a_copy_starts_from_the_terms_and_is_a_campaign_of_its_own(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER | {"stock": "5"})
    shown = operations.get(f"{world.base}/campaigns/new?from={_campaign().public_id}").text
    assert 'value="春日立减"' in shown and 'value="62.5"' in shown and "条款取自「春日立减」" in shown
    operations.post(f"{world.base}/campaigns", **OFFER | {"title": "夏日立减"})
    assert _campaign("夏日立减").code != _campaign().code


def test_a_campaign_with_days_gives_on_those_days_alone(operations: Console, world: World, clock: StillClock) -> None:
    first = business_date(clock.now) + timedelta(days=2)
    days = {"issue_from": first.isoformat(), "issue_until": first.isoformat()}
    save(operations, f"{world.base}/campaigns/{world.campaign.public_id}", **OFFER | days | {"seen": "1"})
    shown = {}
    for day in range(4):
        granted = grants_queries.list_granted(world.mall.id, trigger="join", now=clock.now + timedelta(days=day))
        shown[day] = [campaign.id for campaign in granted]
    assert shown == {0: [], 1: [], 2: [world.campaign.id], 3: []}
    assert "未开始" in operations.get(f"{world.base}/campaigns").text
    wrong = days | {"issue_from": (first + timedelta(days=1)).isoformat(), "seen": "2"}
    save(operations, f"{world.base}/campaigns/{world.campaign.public_id}", **OFFER | wrong)
    assert world.campaign.version == 2


def test_stock_is_added_once_per_press_and_makes_an_unlimited_campaign_a_limited_one(
    operations: Console, world: World
) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER | {"stock": "3"})
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    for _ in range(2):
        operations.post(f"{address}/stock", key="A" * 22, added="10")
    assert "<b>13</b>" in operations.get(address).text
    assert audited("campaign.add_stock").facts == {"added": 10}
    unlimited = f"{world.base}/campaigns/{world.campaign.public_id}"
    operations.post(f"{unlimited}/stock", added="2")
    assert "<b>2</b>" in operations.get(unlimited).text


def test_who_got_and_used_the_coupons_is_listed_with_where_and_when(
    operations: Console, world: World, enter: SignIn
) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER | {"min_spend": "0", "per_member_limit": "2"})
    used, kept = make_coupon(world.member, _campaign()), make_coupon(world.member, _campaign())
    redemptions.redeem_coupon(used.code, make_till(world.store), spend_fen=None, now=now())
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    every = operations.get(f"{address}?tab=coupons").text
    assert used.code[-4:] in every and kept.code[-4:] in every and world.store.name in every
    unused = operations.get(f"{address}?tab=coupons&state=usable").text
    assert kept.code[-4:] in unused and used.code[-4:] not in unused
    overview = operations.get(address).text
    assert "核销率 50.0%" in overview and '顾客优惠合计 <b class="num">¥20.00</b>' in overview


def test_what_changes_is_asked_once_everything_typed_is_right_and_again_when_more_is_typed(
    operations: Console, world: World
) -> None:
    operations.post(f"{world.base}/campaigns", **OFFER)
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    typed = OFFER | {"face": "30", "seen": "1"}
    asked = operations.post(address, **typed).location
    assert asked == f"{address}/edit?asked=1" and _campaign().version == 1
    question = operations.get(asked).text
    assert "¥20</s> → <b>¥30" in question and "最低消费" in question and 'value="30"' in question
    [agreed] = re.findall(r'name="agreed" value="(\w+)"', question)
    assert operations.post(address, **typed | {"agreed": agreed, "face": "40"}).location == asked
    assert "offer-question" not in operations.get(f"{address}/edit").text
    assert operations.post(address, **typed | {"agreed": agreed}).location == address
    assert (_campaign().version, _campaign().face_fen) == (2, 3_000)


def test_a_coupon_worth_its_minimum_spend_is_saved_only_after_a_warning(operations: Console, world: World) -> None:
    typed = OFFER | {"face": "50", "min_spend": "30"}
    asked = operations.post(f"{world.base}/campaigns", **typed).location
    assert asked == f"{world.base}/campaigns/new?asked=1"
    assert "面额 50 元不低于最低消费 30 元" in operations.get(asked).text
    assert save(operations, f"{world.base}/campaigns", **typed).location.endswith(_campaign().public_id)


def test_a_store_taken_away_is_refused_at_its_field_together_with_the_rest(operations: Console, world: World) -> None:
    limited = OFFER | {"where": "some", "store": world.store.code}
    operations.post(f"{world.base}/campaigns", **limited)
    address = f"{world.base}/campaigns/{_campaign().public_id}"
    other = make_store(world.mall, world.merchant).code
    operations.post(address, page=f"{address}/edit", **limited | {"store": other, "face": "x", "seen": "1"})
    shown = operations.get(f"{address}/edit").text
    assert "有 2 处需要修改：面额、适用门店" in shown and f"{world.store.name}不能取消" in shown
