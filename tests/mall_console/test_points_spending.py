"""What members spend points on, as lists; what a mall asks of payments in its stores; prices in points on campaigns."""

from datetime import timedelta

import pytest

from app.benefits.campaigns import queries as campaign_queries
from app.kernel import clock
from app.points.till import till_rules
from app.points.till.rules import TillTerms
from tests.builders.console import World
from tests.builders.exchanges import exchange, make_priced
from tests.builders.till_points import ask, make_saver, make_taker
from tests.mall_console.conftest import Console, audited

OFFER = {
    "kind": "cash",
    "title": "积分换券",
    "summary": "换一张",
    "face": "10",
    "min_spend": "0",
    "validity": "days",
    "valid_days": "7",
    "per_member_limit": "2",
    "where": "all",
    "mall_share": "60",
}


@pytest.mark.requirement("S3.11")
def test_payments_and_exchanges_are_listed_with_their_sums(operations: Console, world: World) -> None:
    member = make_saver(10_000, mall=world.mall)
    ask(member, make_taker(world.store), 1_200)
    shown = operations.get(f"{world.base}/points/payments").text
    assert world.store.name in shown and "已付款" in shown and "¥12.00" in shown
    exchange(member, make_priced(world.mall, 500, title="换一杯咖啡"))
    exchange(member, make_priced(world.mall, 300, 990, title="加价换购"))
    shown = operations.get(f"{world.base}/points/exchanges").text
    assert "换一杯咖啡" in shown and "加价换购" in shown and "待支付" in shown and "¥9.90" in shown
    only = operations.get(f"{world.base}/points/exchanges?status=done").text
    assert "¥9.90" not in only
    spent = operations.get(f"{world.base}/points?source=till").text
    assert f"积分付款：{world.store.name}" in spent and "换一杯咖啡" not in spent


def test_rules_of_payments_in_stores_are_published_and_taken_back(operations: Console, world: World) -> None:
    base, tomorrow = f"{world.base}/points/till", clock.business_date(clock.now()) + timedelta(days=1)
    typed = {"code_limit": "0", "wait_minutes": "3", "effective_from": tomorrow.isoformat()}
    answer = operations.post(base, page=base, **typed)
    assert "待生效" in operations.get(answer.location).text
    assert till_rules.in_force(world.mall.id, tomorrow) == TillTerms(code_limit_points=0, wait_minutes=3)
    assert audited("points_till.publish").facts["wait_minutes"] == 3
    (version,) = till_rules.list_versions(world.mall.id)
    operations.post(f"{base}/{version.id}/withdraw", page=base)
    assert till_rules.list_versions(world.mall.id) == [] and audited("points_till.withdraw")
    refused = operations.post(base, page=base, **typed | {"wait_minutes": "31"})
    assert 'id="problem-wait_minutes"' in operations.get(refused.location).text


@pytest.mark.requirement("S1.25")
def test_a_campaign_asks_points_and_cash_only_where_the_mall_bears_it(operations: Console, world: World) -> None:
    base = f"{world.base}/campaigns"
    made = operations.post(base, page=f"{base}/new", **OFFER, exchange_points="500")
    campaign = campaign_queries.list_campaigns(world.mall.id)[0]
    assert (campaign.title, campaign.exchange_points, campaign.exchange_fen) == ("积分换券", 500, 0)
    assert "500 积分" in operations.get(made.location).text
    operations.post(base, page=f"{base}/new", **OFFER, exchange_points="500", exchange_cash="9.9")
    assert "加现金兑换的券须由商场承担 100%" in operations.get(f"{base}/new").text
    operations.post(base, page=f"{base}/new", **OFFER | {"mall_share": "100"}, exchange_cash="9.9")
    assert "加现金兑换时，请同时填写积分" in operations.get(f"{base}/new").text
    operations.post(
        base, page=f"{base}/new", **OFFER | {"mall_share": "100"}, exchange_points="500", exchange_cash="9.9"
    )
    assert campaign_queries.list_campaigns(world.mall.id)[0].exchange_fen == 990


@pytest.mark.requirement("S1.12")
def test_a_campaign_is_for_the_ticked_tiers(operations: Console, world: World) -> None:
    page = f"{world.base}/campaigns/new"
    ticked = OFFER | {"exchange_points": "300", "tier": ["gold"], "title": "金卡专享"}
    answer = operations.post(f"{world.base}/campaigns", page=page, **ticked)
    (made,) = [one for one in campaign_queries.list_campaigns(world.mall.id) if one.title == "金卡专享"]
    assert made.tier_codes == ["gold"]
    shown = operations.get(answer.location).text
    assert "适用等级" in shown and audited("campaign.create").facts["tier_codes"] in shown
    refused = operations.post(f"{world.base}/campaigns", page=page, **ticked | {"tier": ["emerald"]})
    assert 'id="problem-tier"' in operations.get(refused.location).text


def test_an_unused_coupon_that_was_exchanged_is_given_back_with_a_reason(operations: Console, world: World) -> None:
    member = make_saver(10_000, mall=world.mall)
    found = exchange(member, make_priced(world.mall, 500, title="换一杯咖啡"))
    page = f"{world.base}/members/{member.public_id}/coupons/{found.coupon_id}"
    assert "退回兑换" in operations.get(page).text
    missing = operations.post(f"{page}/give-back", page=page, why="")
    assert 'id="problem-why"' in operations.get(missing.location).text
    answer = operations.post(f"{page}/give-back", page=page, why="会员要求")
    shown = operations.get(answer.location).text
    assert "500 积分已退回" in shown and "作废：积分兑换已退回" in shown and "确认退回兑换" not in shown
    assert audited("exchange.give_back").facts == {"points": 500, "cash_fen": 0, "reason": "会员要求"}
    again = operations.post(f"{page}/give-back", page=page, why="再来一次")
    assert "没有完成，或已经退回" in operations.get(again.location).text
