"""What a member could do next: their tier and the one above, tasks, coupons to claim, stores, how points are earned."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.benefits.grants import grants
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason, note
from app.malls.models import Mall
from app.points.earning import rule_sets
from app.points.earning.extras import CampaignExtra, TierExtra
from app.points.earning.rules import Rules
from app.tasks import newbie
from app.tiers import crediting
from app.tiers.ladders import documents
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import AtEnd
from app.tiers.perks import perks
from app.tiers.perks.errors import PerksTooLong, TierUnknown
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_merchant, make_rates, make_store
from tests.builders.tasks import LADDER, make_newbie_tasks, make_tiers
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    make_tiers()
    make_newbie_tasks()
    return make_mall()


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_member(mall)


@pytest.fixture
def device(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member)


def read(device: Device, path: str) -> dict[str, Any]:
    answer = device.get(path)
    assert answer.status_code == 200
    return dict(answer.json or {})


@pytest.mark.requirement("S1.11")
def test_my_tier_says_what_it_gives_and_what_is_missing(device: Device, member: Member, mall: Mall) -> None:
    perks.set_perks(mall.id, "gold", " 每月 2 张停车券 \n\n生日礼", now=app_clock.now())
    crediting.credit(member.id, growth=500, reason=note("测试"), fact="test:1", now=app_clock.now())
    told = read(device, "/members/me/tier")
    assert (told["growth"], told["code"]) == (500, "silver")
    assert [rung["code"] for rung in told["ladder"]] == ["silver", "gold"]
    assert told["ladder"][1] == {
        "code": "gold",
        "name": "金卡会员",
        "threshold": 2_000,
        "gives": [],
        "perks": ["每月 2 张停车券", "生日礼"],
    }
    assert read(device, "/members/me")["tier"]["next"] == {"name": "金卡会员", "missing": 1_500}


@pytest.mark.requirement("S1.13")
def test_every_entry_of_my_growth_says_how_it_came_about(device: Device, member: Member) -> None:
    told = Reason("growth_spend", {"store": "咖啡", "yuan": "286.00", "rate": "1"})
    crediting.credit(member.id, growth=286, reason=told, fact=Fact("test", 1), now=app_clock.now())
    crediting.credit(member.id, growth=-86, reason=note("退货"), fact=Fact("test", 2), now=app_clock.now())
    items = read(device, "/members/me/growth")["items"]
    assert [(one["growth"], one["after"]) for one in items] == [(-86, 200), (286, 286)]
    assert items[1]["title"] == "在咖啡消费 286.00 元，每元 1 成长值"


@pytest.mark.requirement("S0.41")
def test_my_period_says_until_when_and_what_keeps_me(device: Device, member: Member) -> None:
    yearly = replace(LADDER, period_months=12, at_end=AtEnd.ONE_DOWN)
    db.session.execute(update(TierLadder).values(document=documents.to_document(yearly)))
    now = app_clock.now()
    crediting.credit(member.id, growth=2_500, reason=note("测试"), fact=Fact("test", 1), now=now)
    told = read(device, "/members/me/tier")
    last_day = app_clock.add_months(app_clock.business_date(now), 12) - timedelta(days=1)
    assert (told["code"], told["counting"]) == ("gold", 2_500)
    assert told["period"] == {
        "last_day": last_day.isoformat(),
        "growth": 0,
        "missing": 2_000,
        "falls_to": "银卡会员",
    }
    assert read(device, "/members/me")["tier"] == {"code": "gold", "name": "金卡会员", "next": None}


def test_what_i_rose_by_is_gone_with_the_tier(
    client: FlaskClient, member: Member, mall: Mall, clock: StillClock
) -> None:
    """Gold from 11 March 2026 to 10 March 2027: never a tier that lacks nothing and is not given."""
    yearly = replace(LADDER, period_months=12, at_end=AtEnd.ONE_DOWN)
    db.session.execute(update(TierLadder).values(document=documents.to_document(yearly)))
    crediting.credit(member.id, growth=2_500, reason=note("测试"), fact=Fact("test", 1), now=clock.now)
    for day, code, counting, following in (
        (9, "gold", 2_500, None),
        (10, "gold", 2_500, None),
        (11, "silver", 0, {"name": "金卡会员", "missing": 2_000}),
    ):
        clock.set(datetime(2027, 3, day, 12, tzinfo=app_clock.MALL_ZONE))
        device = sign_in(client, member)
        told = read(device, "/members/me/tier")
        assert (told["code"], told["counting"]) == (code, counting)
        assert read(device, "/members/me")["tier"]["next"] == following


def test_nothing_is_above_the_highest_tier(device: Device, member: Member) -> None:
    crediting.credit(member.id, growth=60_000, reason=note("测试"), fact="test:1", now=app_clock.now())
    assert read(device, "/members/me")["tier"]["next"] is None


def test_what_a_tier_gives_is_said_again_in_other_words(mall: Mall) -> None:
    perks.set_perks(mall.id, "gold", "一\n二", now=app_clock.now())
    perks.set_perks(mall.id, "gold", "三", now=app_clock.now())
    assert [rung.lines for rung in perks.list_ladder(mall.id, today=app_clock.business_date(app_clock.now()))] == [
        [],
        ["三"],
    ]
    with pytest.raises(PerksTooLong):
        perks.set_perks(mall.id, "gold", "长" * 41, now=app_clock.now())
    with pytest.raises(PerksTooLong):
        perks.set_perks(mall.id, "gold", "行\n" * 9, now=app_clock.now())
    with pytest.raises(TierUnknown):
        perks.set_perks(mall.id, "bronze", "铜", now=app_clock.now())


def test_what_comes_next_is_what_is_not_done_yet(device: Device, member: Member, mall: Mall) -> None:
    merchant = make_merchant()
    cafe = make_store(mall, merchant, code="S-1F", name="咖啡", floor="1F")
    make_store(mall, merchant, code="S-2F", name="服装", floor="2F")
    offer = make_campaign(mall, stores=[cafe], title="首单立减")
    grants.grant_on(mall.id, grants.FIRST_ORDER_TASK, offer.id, position=1)
    told = read(device, "/members/me/suggestions")
    open_points = sum(task.reward_points for task in newbie.list_tasks())
    assert told["tasks"] == {"count": 3, "points": open_points}
    assert read(device, "/members/me")["tasks_points"] == open_points
    assert [one["title"] for one in told["offers"]] == ["首单立减"]
    assert [(one["code"], one["benefit"], one["benefits"], one["held"]) for one in told["stores"]] == [
        ("S-1F", "首单立减", 1, False)
    ]
    first = next(task for task in newbie.list_tasks() if task.code == newbie.FIRST_ORDER_COUPON)
    newbie.complete(member.id, first, facts={}, now=app_clock.now())
    told = read(device, "/members/me/suggestions")
    assert (told["tasks"]["count"], told["offers"], told["stores"]) == (2, [], [])
    assert told["tasks"]["points"] == read(device, "/members/me")["tasks_points"] == open_points - first.reward_points


def test_stores_are_named_for_coupons_that_i_have_and_only_as_long_as_i_have_them(
    client: FlaskClient, device: Device, member: Member, mall: Mall, clock: StillClock
) -> None:
    merchant = make_merchant()
    cafe = make_store(mall, merchant, code="S-1F", name="咖啡", floor="1F")
    welcome = make_campaign(mall, stores=[cafe], title="入会立减")
    grants.grant_on(mall.id, grants.JOIN, welcome.id, position=1)
    assert read(device, "/members/me/suggestions")["stores"] == []
    coupon = make_coupon(member, welcome)
    (store,) = read(device, "/members/me/suggestions")["stores"]
    assert (store["code"], store["benefit"], store["held"]) == ("S-1F", "入会立减", True)
    clock.set(coupon.valid_until)
    device = sign_in(client, member)
    assert read(device, "/members/me/suggestions")["stores"] == []


def test_how_points_are_earned(device: Device, mall: Mall) -> None:
    assert read(device, "/members/me/suggestions")["earning"] is None
    merchant = make_merchant()
    stores = [make_store(mall, merchant, code=f"S{number}", name=f"店{number}") for number in (1, 2, 3)]
    make_rates(mall, {stores[2]: 20_000})
    assert read(device, "/members/me/suggestions")["earning"] == {
        "usual_bps": 10_000,
        "best_bps": 20_000,
        "best_stores": ["店3"],
    }


def test_the_rules_of_points_are_told_in_sentences(device: Device, mall: Mall) -> None:
    stores = [make_store(mall, code="S1", name="火锅"), make_store(mall, code="S2", name="影城")]
    make_rates(mall, {stores[0]: 20_000, stores[1]: 0})
    assert read(device, "/members/me/points/rules")["lines"] == [
        "每消费 1 元得 1 积分。",
        "火锅：每消费 1 元得 2 积分。",
        "影城：消费不积分。",
        "每笔消费合计后不足 1 积分的部分不计。",
        "100 积分抵 ¥1.00，停车缴费和门店付款都能用；每次付款合计折算，四舍五入到分。",
        "积分获得次年的年底到期，先到期的先使用。",
        "用积分支付后退还的积分，如已过期，自退还之日起 30 天内仍可使用。",
    ]


def test_a_base_rate_is_told_before_the_first_store_has_it_and_what_holds_nowhere_is_not(
    device: Device, mall: Mall
) -> None:
    day = app_clock.business_date(app_clock.now())
    over = CampaignExtra(bps=10_000, title="店庆", first_day=day, last_day=day, stores=["gone"])
    rules = Rules(category_rates_bps={"digital": 5_000}, extras=(over,))
    rule_sets.open_with(mall.id, rules, effective_from=day, by="周宁", now=app_clock.now())
    told = read(device, "/members/me/points/rules")["lines"]
    assert "数码：每消费 1 元得 0.5 积分。" in told and "店庆" not in "".join(told)


def test_what_a_tier_gives_is_said_once(device: Device, mall: Mall) -> None:
    make_rates(mall, {}, TierExtra(bps=1_000, tier="gold", title="金卡会员"))
    perks.set_perks(mall.id, "gold", "消费积分加赠 10%\n生日礼", now=app_clock.now())
    (gold,) = [one for one in read(device, "/members/me/tier")["ladder"] if one["code"] == "gold"]
    assert (gold["gives"], gold["perks"]) == (["消费积分加赠 10%"], ["生日礼"])
