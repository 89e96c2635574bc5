"""What changes a day that is over says so: summed anew, every figure by day is that of its rows."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.benefits.coupons import coupons
from app.benefits.coupons.coupons import RedemptionInput
from app.benefits.coupons.queries import get_by_code
from app.flows import parking, purchases
from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.identity import members
from app.imports.models import Kind
from app.kernel import clock as app_clock
from app.kernel.day_sums.models import DayMark
from app.kernel.db import db
from app.kernel.reasons import note
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.points.ledger import ledger
from app.purchases.rules import Receipt
from app.workers import summing
from app.workers.imports import reading
from tests.builders import imports
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.console import World, make_world
from tests.builders.identity import make_member, make_visitor
from tests.support.clock import StillClock

Act = Callable[[World, datetime], object]


def buy(world: World, past: datetime) -> None:
    receipt = Receipt(
        source="pos", receipt_no=f"late-{past}", store_code=world.store.code, occurred_at=past, amount_fen=5_000
    )
    purchases.record_purchase(receipt, world.store, purchases.Buyer(card_no=world.member.card_no), now=app_clock.now())


def bring_receipts(world: World, past: datetime) -> None:
    header = ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of")
    row = ("old", f"H{past:%d}", world.store.code, world.member.card_no, f"{past:%Y-%m-%d %H:%M}", 1_200, "")
    found = imports.read(world.mall, Kind.PURCHASES, imports.csv_bytes(header, [row]))
    assert imports.run(imports.check(imports.lay_out(found, effects="ledger"))).counts["new"] == 1


def bring_members(world: World, past: datetime) -> None:
    header, row = ("card_no", "phone", "name", "joined_at"), (f"K{past:%d}", "13700001111", "", f"{past:%Y-%m-%d}")
    found = imports.read(world.mall, Kind.MEMBERS, imports.csv_bytes(header, [row]))
    assert imports.run(imports.check(imports.lay_out(found))).counts["new"] == 1


def join(world: World, past: datetime) -> None:
    visitor = make_visitor(world.mall)
    members.join(members.bind_phone(visitor, "13700002222", now=past), entrance_id=None, now=past)


def issue_and_use(world: World, past: datetime) -> None:
    with_now = {"grant_key": f"late-{past}", "trigger": "test", "entrance_id": None, "now": past}
    coupon = coupons.issue(make_member(world.mall).id, world.campaign, **with_now)
    db.session.flush()
    use = RedemptionInput(
        mall_id=world.mall.id,
        merchant_id=world.merchant.id,
        store_id=world.store.id,
        staff_id=None,
        channel="clerk",
        spend_fen=None,
        discount_fen=10,
        mall_fen=5,
        merchant_fen=5,
    )
    assert coupons.redeem(get_by_code(coupon.code, store_id=world.store.id), use, now=past)


def leave(world: World, past: datetime) -> None:
    """Their coupon was issued when the test began."""
    leaving.let_member_leave(world.member.id, told=Cost(points=10**9, coupons=10**9), now=app_clock.now())


def earn_and_spend(world: World, past: datetime) -> None:
    facts = {"reason": note("测试"), "now": past, "mall_id": world.mall.id}
    ledger.accrue(world.member.id, points=50, fact=f"earned-{past}", **facts)
    ledger.redeem(world.member.id, points=20, fact=f"spent-{past}", **facts)


def pass_late(world: World, past: datetime) -> None:
    """An exit is reported first, then the entry before it: the stay began a day earlier than we thought."""
    pass_gate(world, Direction.OUT, past)
    pass_gate(world, Direction.IN, past - timedelta(hours=20))


def pass_gate(world: World, direction: Direction, at: datetime) -> None:
    report = GateReport(
        event_id=f"{direction}-{at}",
        car_park_code=world.car_park.code,
        lane="1",
        plate="沪B77777",
        direction=direction,
        occurred_at=at,
    )
    parking.record_gate_report(report, mall_id=world.mall.id, now=app_clock.now())


ACTS: list[tuple[Act, set[str]]] = [
    (buy, {"sales", "posted"}),
    (bring_receipts, {"sales", "posted"}),
    (bring_members, {"joined"}),
    (join, {"joined"}),
    (issue_and_use, {"issued", "redeemed"}),
    (earn_and_spend, {"points_earned", "points_spent"}),
    (pass_late, {"cars"}),
    (leave, {"issued"}),
]


def sum_all() -> None:
    while summing.sum_days(limit=100)[1]:
        pass


def test_every_act_that_changes_a_day_which_is_over_marks_it(clock: StillClock) -> None:
    world = make_world("甲", "YH")
    assert reading.read_next(), "the file that the world comes with"
    make_coupon(world.member, make_campaign(world.mall))
    for act, marked in ACTS:
        past = clock.now - timedelta(hours=1)
        clock.advance(days=3)
        sum_all()
        act(world, past)
        assert set(db.session.scalars(select(DayMark.series))) == marked, act.__name__
        sum_all()
        assert summing.prove_sums() == [], act.__name__
