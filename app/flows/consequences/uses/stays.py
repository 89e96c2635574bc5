"""What a member's stay costs beside cash, and what follows when it is paid."""

from collections.abc import Sequence
from datetime import datetime

from app.benefits.coupons import coupons
from app.benefits.coupons import queries as benefit_queries
from app.benefits.coupons.rules import CouponFacts
from app.flows.consequences.uses import redemption as consequences
from app.kernel import clock
from app.kernel.facts import Fact
from app.malls import queries as mall_queries
from app.malls import store_refs
from app.malls.store_refs import StoreRef
from app.parking.car_parks import queries
from app.parking.car_parks.models import CarPark
from app.parking.payment import free_time, held_points, payments
from app.parking.payment import queries as payment_queries
from app.parking.payment.models import ParkingPayment, ParkingWaiver, WaiverKind
from app.parking.sessions import queries as session_queries
from app.parking.sessions import rules
from app.parking.sessions.queries import Parked
from app.settlement.contracts import contracts
from app.settlement.ledger import facts as ledger_facts
from app.settlement.ledger import postings
from app.timeline import events
from app.timeline.models import EventKind


def takes_waivers(car_park: CarPark, *, now: datetime) -> bool:
    """Whether the operator has terms to be paid by for free time, coupons and points; asked before money is taken."""
    store = _operator(car_park)
    return contracts.find_terms(store.mall_id, store.merchant_id, on=clock.business_date(now)) is not None


def priced(member_id: int, parked: Parked, *, now: datetime) -> tuple[rules.Stay, str | None]:
    """The stay up to now with the minutes that the member's tier gives of it, and the tier if it gives any."""
    whole = parked.stay(until=now)
    if rules.due_now(whole, exit_by=parked.session.exit_by) == 0:
        return whole, None
    free = free_time.of(member_id, parked, now=now)
    if free.minutes == 0 or not takes_waivers(parked.car_park, now=now):
        return whole, None
    return parked.stay(until=now, free_minutes=free.minutes), free.tier


def is_free(member_id: int, parked: Parked, *, now: datetime) -> bool:
    """Whether something is due on the stay that the tier's minutes cover wholly."""
    stay, _ = priced(member_id, parked, now=now)
    return rules.due_now(stay, exit_by=parked.session.exit_by) > 0 and stay.open_fen == 0


def settle(payment: ParkingPayment, *, now: datetime) -> None:
    """The payment is complete: coupons are used, the stay is settled, the gate hears of it, the operator is owed."""
    purpose = payments.purpose_of(payment)
    held = benefit_queries.list_reserved(payment.member_id, purpose=purpose)
    waivers = payment_queries.list_waivers(payment.member_id, payment.id)
    covers = {waiver.coupon_id: waiver.covers_fen for waiver in waivers if waiver.coupon_id is not None}
    if {facts.coupon_id for facts in held} != set(covers):
        raise AssertionError("a waiting payment holds its coupons")
    points = sum(waiver.points for waiver in waivers)
    if points:
        held_points.spend(payment, now=now)
    session = session_queries.lock_session(payment.session_id)
    store = _operator(queries.get_car_park_of(session.car_park_id))
    for facts in held:
        _use_coupon(facts, covers[facts.coupon_id], store, purpose=purpose, now=now)
    if points:
        postings.post_points_spent(store, fact=ledger_facts.points_spent(purpose), points=points, occurred_at=now)
    for one in waivers:
        if one.kind == WaiverKind.TIER.value:
            postings.post_free_parking(store, fact=purpose, covers_fen=one.covers_fen, occurred_at=now)
    grace_minutes = session_queries.get_tariff_of(session).exit_grace_minutes
    given = _tier_minutes(payment, waivers)
    payments.mark_paid(payment, session, grace_minutes=grace_minutes, tier_minutes=given, now=now)
    events.record(
        payment.member_id,
        kind=EventKind.PARKING_PAID,
        fact=purpose,
        occurred_at=now,
        mall_id=store.mall_id,
        store_id=store.store_id,
        source="parking",
    )


def _tier_minutes(payment: ParkingPayment, waivers: Sequence[ParkingWaiver]) -> int:
    """The tier's minutes in a payment: by themselves, or together with the hours of coupons."""
    is_used = any(one.kind in (WaiverKind.TIER.value, WaiverKind.COUPON.value) for one in waivers)
    return payment_queries.get_quote_of(payment).tier_minutes if is_used else 0


def _use_coupon(facts: CouponFacts, covers_fen: int, store: StoreRef, *, purpose: Fact, now: datetime) -> None:
    use = consequences.use_in_parking(facts, store, covers_fen)
    redemption_id = coupons.redeem(facts, use, now=now, reserved_for=purpose)
    if redemption_id is None:
        raise AssertionError("a reserved coupon is free for its purpose")
    consequences.apply(consequences.describe(redemption_id, facts, use, store, now=now))


def _operator(car_park: CarPark) -> StoreRef:
    """The store that runs the car park."""
    return store_refs.of(mall_queries.get_store(car_park.store_id))
