"""The funnel of entrances by the week, from acts done through the product's own verbs."""

from datetime import date

import pytest
from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.contacts import contacts
from app.entrances import costs, footfall, scans
from app.entrances.costs import Cost
from app.entrances.errors import CostWeekAhead, CostWeekTooEarly
from app.entrances.models import Entrance
from app.flows import values as value_flow
from app.flows.members import joining
from app.flows.members.joining import Arrival
from app.flows.purchases import Buyer, record_purchase
from app.flows.redemptions import redeem_coupon
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.insights.entrances import queries, weeks
from app.insights.entrances.queries import Funnel
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.money import Share
from app.lifecycle.values import values
from app.malls.models import Mall
from app.purchases.rules import Receipt
from app.workers.insights import entrance_weeks
from tests.builders import outreach
from tests.builders.benefits import make_till
from tests.builders.entrances import make_door, make_entrance
from tests.builders.identity import make_visitor
from tests.builders.malls import make_mall
from tests.builders.settlement import Contract, make_contract
from tests.flows.coming_back import open_mall
from tests.support.clock import StillClock

WEEK = date(2026, 3, 9)  # of the tests' day, a Wednesday


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return open_mall(make_mall())


def come(mall: Mall, entrance: Entrance, phone: str) -> Member:
    """Somebody joins through the entrance."""
    visitor = make_visitor(mall)
    arrival = Arrival(entrance=entrance, visit_key=f"visit-{phone}")
    return joining.join_member(
        visitor.id, consent_version="v1", phone=phone, channel="test", arrival=arrival, now=app_clock.now()
    ).member


def ring_up(contract: Contract, number: str, fen: int, phone: str, refund_of: str | None = None) -> None:
    receipt = Receipt(
        source="pos",
        receipt_no=number,
        store_code=contract.store.code,
        occurred_at=app_clock.now(),
        amount_fen=fen,
        refund_of=refund_of,
    )
    record_purchase(receipt, contract.store, Buyer(phone=phone), now=app_clock.now())


def of_week(mall: Mall, week: date = WEEK) -> Funnel:
    [found] = queries.list_weeks(mall.id, first=week, last=week)
    return found


@pytest.mark.requirement("S2.2")
def test_a_week_goes_from_visitors_to_members_in_reach(mall: Mall, clock: StillClock) -> None:
    lift, desk = make_entrance(mall), make_entrance(mall, kind="service_desk", name="服务台")
    footfall.describe(make_door(mall, "N1", visitors=90), name="北门", entrance_id=lift.id)
    make_door(mall, "S1", visitors=10)
    first, second, _ = (come(mall, lift, f"1381234567{number}") for number in range(3))
    scans.record(scans.Opening(entrance_id=lift.id, visit_key="passer-by"), now=clock.now)
    come(mall, desk, "13812345679")
    outreach.allow(first)
    db.session.add(
        MemberIdentity(kind=IdentityKind.WECOM_EXTERNAL.value, value="wm1", member_id=second.id, bound_at=clock.now)
    )
    contacts.record_added("wm1", "clerk", entrance_id=None, at=clock.now)
    contract = make_contract(mall)
    gifts = select(Coupon).where(Coupon.member_id == first.id, Coupon.trigger == "join", Coupon.parking_minutes == 0)
    gift = db.session.scalars(gifts).one()
    redeem_coupon(gift.code, make_till(contract.store), spend_fen=None, now=clock.now)
    clock.advance(days=6)
    ring_up(contract, "R1", 30_000, "13812345670")
    ring_up(contract, "R2", -10_000, "13812345670", refund_of="R1")
    costs.enter(lift, WEEK, Cost(amount_fen=2_400, note="海报"), by="张岚", now=clock.now)
    clock.advance(days=1)
    values.plan(now=clock.now)
    while value_flow.count_next_days(now=clock.now):
        pass
    assert (entrance_weeks.count_open(), entrance_weeks.count_open()) == (2, 0)
    found = of_week(mall)
    one = found.week
    assert (one.visitors, one.scans, one.joined, one.reachable, one.bought) == (100, 5, 4, 2, 1)
    assert (one.benefits_fen, one.spend_fen, one.margin_fen) == (600, 20_000, 1_000 - 600)
    assert (found.cost_fen, found.cost_per_join_fen) == (3_000, 750)
    by_entrance = {row.entrance.id: row.funnel for row in queries.list_weeks_of(lift, limit=9)}
    of_lift = by_entrance[lift.id]
    assert (of_lift.week.visitors, of_lift.week.scans, of_lift.week.joined) == (90, 4, 3)
    assert (of_lift.cost_per_join_fen, of_lift.join_share, of_lift.reachable_share) == (1_000, Share(3, 4), Share(2, 3))
    assert of_week(mall, WEEK + weeks.WEEK).week.joined == 0


def test_what_is_counted_goes_on_and_takes_back_what_is_not_so_any_more(mall: Mall, clock: StillClock) -> None:
    lift = make_entrance(mall)
    come(mall, lift, "13812345670")
    weeks.count(mall.id, WEEK, now=clock.now)
    assert of_week(mall).week.joined == 1
    contract = make_contract(mall)
    clock.advance(days=20)
    ring_up(contract, "R1", 30_000, "13812345670")
    assert weeks.list_closed(mall.id, now=clock.now) == [WEEK + weeks.WEEK, WEEK]
    entrance_weeks.count_closed()
    assert (of_week(mall).week.bought, of_week(mall).week.spend_fen) == (1, 30_000)
    assert of_week(mall).week.visitors is None
    cost = Cost(amount_fen=1, note="")
    assert costs.enter(lift, WEEK, cost, by="", now=clock.now) is None
    assert costs.enter(lift, WEEK, cost, by="", now=clock.now) == cost
    with pytest.raises(CostWeekAhead):
        costs.enter(lift, WEEK + 5 * weeks.WEEK, cost, by="", now=clock.now)
    with pytest.raises(CostWeekTooEarly):
        costs.enter(lift, WEEK - weeks.WEEK, cost, by="", now=clock.now)
    with pytest.raises(CostWeekTooEarly):
        costs.enter(lift, date(2000, 1, 3), cost, by="", now=clock.now)
