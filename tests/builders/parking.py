"""Car parks, cars in them, and members who can pay."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons.models import Coupon
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.identity.models import Member
from app.kernel import clock
from app.kernel.reasons import note
from app.malls.models import Mall, Store
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.models import CarPark
from app.parking.car_parks.rules import Tariff
from app.parking.invoices import invoices
from app.parking.invoices.models import ParkingInvoice, TitleKind
from app.parking.invoices.rules import to_wish
from app.parking.payment.models import ParkingPayment
from app.parking.payment.payments import PURPOSE
from app.parking.sessions import queries as session_queries
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateAnswer, GateReport
from app.payments import orders
from app.payments import queries as order_queries
from app.payments.orders import Money, Payer
from app.points.ledger import ledger
from app.settlement import agreements
from tests.builders.benefits import make_campaign
from tests.builders.benefits import make_coupon as issue_coupon
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.settlement import make_contract

_numbers = itertools.count(1)

# 30 minutes free, 6 yuan an hour, 60 yuan a day, 15 minutes to leave.
HOURLY = Tariff(free_minutes=30, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)
PLATE = "沪A12345"
GATE_SECRET = "gate-secret"


@dataclass(frozen=True, slots=True)
class Ground:
    """A mall with a car park and the store that runs it, under contract since a year ago."""

    mall: Mall
    store: Store
    car_park: CarPark

    def passes(
        self, direction: Direction, *, plate: str = PLATE, at: datetime | None = None, event_id: str | None = None
    ) -> GateAnswer:
        """A car before the barrier, now unless told otherwise."""
        passage = GateReport(
            event_id=event_id or f"event-{next(_numbers)}",
            car_park_code=self.car_park.code,
            lane="1",
            plate=plate,
            direction=direction,
            occurred_at=at or clock.now(),
        )
        return parking.record_gate_report(passage, mall_id=self.mall.id, now=clock.now())

    def comes(self, *, minutes_ago: float = 0, plate: str = PLATE, event_id: str | None = None) -> GateAnswer:
        at = clock.now() - timedelta(minutes=minutes_ago)
        return self.passes(Direction.IN, plate=plate, at=at, event_id=event_id)

    def leaves(self, *, minutes_ago: float = 0, plate: str = PLATE, event_id: str | None = None) -> GateAnswer:
        at = clock.now() - timedelta(minutes=minutes_ago)
        return self.passes(Direction.OUT, plate=plate, at=at, event_id=event_id)


def make_ground(
    *,
    code: str | None = None,
    gate_url: str = "http://127.0.0.1:9",
    gate_secret: str = GATE_SECRET,
    tariff: Tariff = HOURLY,
    **terms: int,
) -> Ground:
    """A car park at 6 yuan an hour; its operator gets 1 yuan per 100 points spent."""
    since = clock.business_date(clock.now()) - timedelta(days=365)
    contract = make_contract(since=since, **terms)
    car_park = car_parks.open_car_park(
        code or f"P{next(_numbers)}",
        name="地下停车场",
        store=contract.store,
        gate=Gate(gate_url, gate_secret),
        now=clock.now(),
    )
    tariffs.set_tariff(car_park.id, tariff, effective_from=clock.now() - timedelta(days=365))
    return Ground(contract.mall, contract.store, car_park)


def make_ground_without_contract(**contract: date) -> Ground:
    """A car park whose operator has agreed to no terms yet; with `since` to terms from that day on."""
    mall = make_mall()
    merchant = make_merchant()
    store = make_store(mall, merchant)
    if contract:
        agreements.add_terms(
            mall.id,
            merchant.id,
            effective_from=contract["since"],
            commission_bps=0,
            issue_price_fen=0,
            redeem_price_fen=100,
        )
    car_park = car_parks.open_car_park(
        f"P{next(_numbers)}",
        name="地下停车场",
        store=store,
        gate=Gate("http://127.0.0.1:9", GATE_SECRET),
        now=clock.now(),
    )
    tariffs.set_tariff(car_park.id, HOURLY, effective_from=clock.now() - timedelta(days=365))
    return Ground(mall, store, car_park)


def make_driver(ground: Ground, *, plate: str | None = PLATE, points: int = 0, coupons: tuple[int, ...] = ()) -> Member:
    """A member with a bound plate, points, and parking coupons of so many minutes."""
    member = make_member(ground.mall)
    if plate is not None:
        parking.bind_plate(member.id, plate, now=clock.now())
    if points:
        ledger.accrue(member.id, points=points, reason=note("测试"), fact=f"test:{next(_numbers)}", now=clock.now())
    for minutes in coupons:
        make_parking_coupon(member, ground, minutes)
    return member


def make_parking_coupon(member: Member, ground: Ground, minutes: int = 120, **terms: object) -> Coupon:
    """A coupon of parking minutes; the mall pays all of it unless the terms say otherwise."""
    usual: dict[str, object] = {
        "kind": CampaignKind.PARKING,
        "parking_minutes": minutes,
        "face_fen": 0,
        "mall_share_bps": 10_000,
    }
    return issue_coupon(member, make_campaign(ground.mall, **usual | terms))


def make_paid_stay(member: Member, *, coupons: tuple[Coupon, ...] = (), points: int = 0) -> ParkingPayment:
    """What is due for the member's one parked car, paid with these and, for the rest, in WeChat."""
    (parked,) = session_queries.list_parked(member.id)
    offer = parking.quote_stay(member.id, parked.session.public_id, now=clock.now())
    wish = PaymentChoice(offer.quote.public_id, [coupon.id for coupon in coupons], points)
    payer = Payer(appid="wxapp", openid="openid-1")
    payment = parking.begin_payment(member.id, parked.session.public_id, wish, payer=payer, now=clock.now())
    if payment.cash_fen:
        take_money(payment)
    return payment


def take_money(payment: ParkingPayment) -> None:
    """The platform says that the cash is there; in time it settles the payment, later it is owed back."""
    order = order_queries.find_order(payment.member_id, purpose=PURPOSE, reference=payment.public_id)
    assert order is not None
    money = Money(
        out_trade_no=order.out_trade_no,
        transaction_id=f"42{next(_numbers)}",
        amount_fen=order.amount_fen,
        appid=order.appid,
        paid_at=clock.now(),
    )
    if orders.take_money(money, now=clock.now()).just_paid:
        parking.settle_payment(payment.member_id, payment.public_id, now=clock.now())


def make_invoice(payment: ParkingPayment) -> ParkingInvoice:
    """A person's wish for an invoice of what was paid in cash."""
    wish = to_wish(TitleKind.PERSON, title="张小满", tax_no="", email="xiaoman@example.com")
    return invoices.ask(payment.member_id, payment.public_id, wish, now=clock.now())
