"""A car's way through the car park: it comes, the member is quoted and pays, it leaves.

Coupons and points are held when a payment begins and spent when it is paid; what is given up gives them back. All of a
member's payments go one after the other behind the member's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.benefits.coupons import coupons
from app.benefits.coupons import plates as coupon_plates
from app.benefits.grants import grants
from app.flows.consequences.circle import parking as circle_parking
from app.flows.consequences.uses import stays
from app.identity import plates
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind
from app.parking.car_parks import queries
from app.parking.car_parks.models import CarPark
from app.parking.payment import gifts, held_points, payments, quotes
from app.parking.payment import queries as payment_queries
from app.parking.payment import rules as payment_rules
from app.parking.payment.errors import WaiversNotTaken
from app.parking.payment.models import ParkingPayment, ParkingQuote, PaymentStatus
from app.parking.sessions import facts as session_facts
from app.parking.sessions import owners, passages, rules
from app.parking.sessions import queries as session_queries
from app.parking.sessions.models import Direction, ParkingSession, SessionNote
from app.parking.sessions.passages import GateAnswer, GateReport
from app.parking.sessions.queries import Parked
from app.payments import orders
from app.payments.orders import Demand, Payer
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """How a member wants to pay a quote: these coupons, at most so many points, the rest in cash."""

    quote_id: str
    coupon_ids: Sequence[int]
    points: int


def record_gate_report(passage: GateReport, *, mall_id: int, now: datetime) -> GateAnswer:
    """A gate of the mall reports a car; an entry of a bound plate is a visit of its member.

    The same event again gets the same answer. Raises CarParkUnknown, GateEventConflict, NoTariff.
    """
    car_park = queries.get_car_park(passage.car_park_code, mall_id=mall_id)
    owner = _lock_owner(passage.plate)
    if owner is not None and passage.direction is Direction.OUT:
        _pay_with_free_time(owner, car_park, passage, now=now)
    answer = passages.record(car_park, passage, member_id=owner, now=now)
    if owner is not None:
        owners.recognise(answer.session, owner, at=passage.occurred_at)
    _note_visit(answer.session, car_park)
    circle_parking.tell(passage, answer.session, mall_id, now=now)
    return answer


def _lock_owner(plate: str) -> int | None:
    member_id = identity_queries.find_member_id(IdentityKind.PLATE, plate)
    owner = None if member_id is None else identity_queries.lock_member(member_id)
    # Who left between look-up and lock owns no plate any more.
    return None if owner is None or identity_queries.has_left(owner) else owner.id


def _pay_with_free_time(member_id: int, car_park: CarPark, passage: GateReport, *, now: datetime) -> None:
    """A stay that the minutes of the member's tier cover wholly needs no press on the phone: the barrier opens."""
    if abs(now - passage.occurred_at) > rules.SAME_PASSAGE:
        return
    for parked in session_queries.list_parked(member_id):
        is_this = (parked.session.plate, parked.car_park.id) == (passage.plate, car_park.id)
        if is_this and stays.is_free(member_id, parked, now=now):
            quote = quotes.offer(member_id, parked, takes_waivers=True, now=now).quote
            wish = PaymentChoice(quote.public_id, coupon_ids=(), points=0)
            _begin(member_id, parked, quote, wish, payer=None, now=now)


def _note_visit(session: ParkingSession, car_park: CarPark) -> None:
    """Once per stay; a stay whose beginning is not known yet waits for its entry."""
    if session.member_id is None or session.note == SessionNote.ENTRY_MISSED.value:
        return
    events.record(
        session.member_id,
        kind=EventKind.VISITED,
        fact=session_facts.visit(session.public_id),
        occurred_at=session.entered_at,
        mall_id=car_park.mall_id,
        store_id=car_park.store_id,
        source="gate",
    )


class BoundPlate(NamedTuple):
    """The plate as it is written, and how many coupons were tied to it.

    `had_gift`: the car had a parking gift of joining not long ago, so those of this member stay free for another car.
    """

    plate: str
    coupons: int
    had_gift: bool = False


def bind_plate(member_id: int, plate: str, *, now: datetime) -> BoundPlate:
    """Bind a plate to the member, tie their parking coupons to it, take over where it is parked now.

    Raises MemberRequired, PlateInvalid, PlateTaken, PlateLimitReached.
    """
    member = identity_queries.lock_joined(member_id)
    plate = plates.bind(member.id, plate, now=now)
    had_gift = gifts.was_given(plate, now=now)
    tied = coupon_plates.bind_plate(member.id, plate, now=now, except_of=grants.OF_JOINING if had_gift else ())
    for session in owners.take_over(member.id, plate):
        car_park = queries.get_car_park_of(session.car_park_id)
        _note_visit(session, car_park)
        circle_parking.tell_inside(member.id, car_park.mall_id, now=now)
    return BoundPlate(plate, tied, had_gift)


def unbind_plate(member_id: int, plate: str, *, now: datetime) -> None:
    """Take a plate from the member, with its open stay; its coupons are free for their other cars.

    Unfinished payments of the stay are given up: whoever binds the plate next may pay it, and it is paid once.
    """
    member = identity_queries.lock_member(member_id)
    for parked in session_queries.list_parked(member.id):
        unfinished = payment_queries.find_awaiting(member.id, session_id=parked.session.id)
        if parked.session.plate == plate and unfinished is not None:
            _give_up(unfinished, now=now)
    coupon_plates.unbind_plate(member.id, plate)
    plates.unbind(member.id, plate)
    owners.let_go(member.id, plate)


def price_stay(member_id: int, parked: Parked, *, now: datetime) -> tuple[rules.Stay, str | None]:
    """What a member's stay costs now, and the tier whose minutes are taken off, if any are."""
    return stays.priced(member_id, parked, now=now)


def quote_stay(member_id: int, session_id: str, *, now: datetime) -> quotes.Offer:
    """Quote the member's stay and propose the cheapest mix. Raises SessionNotFound, NothingDue."""
    member = identity_queries.lock_member(member_id)
    parked = session_queries.get_parked(member.id, session_id)
    return quotes.offer(member.id, parked, takes_waivers=stays.takes_waivers(parked.car_park, now=now), now=now)


def begin_payment(
    member_id: int, session_id: str, wish: PaymentChoice, *, payer: Payer | None, now: datetime
) -> ParkingPayment:
    """Pay a quote: hold coupons and points, and either settle at once or open an order for the cash.

    An earlier unfinished payment of the stay is given up first. Raises SessionNotFound, QuoteNotFound, QuoteExpired,
    QuoteUsed, NothingDue, WaiversNotTaken, CouponNotUsable, CouponNotNeeded, InsufficientPoints, PayerUnknown.
    """
    member = identity_queries.lock_member(member_id)
    parked = session_queries.get_parked(member.id, session_id)
    quote = payment_queries.get_quote(member.id, wish.quote_id, session_id=parked.session.id)
    return _begin(member.id, parked, quote, wish, payer=payer, now=now)


def _begin(
    member_id: int, parked: Parked, quote: ParkingQuote, wish: PaymentChoice, *, payer: Payer | None, now: datetime
) -> ParkingPayment:
    quotes.ensure_in_time(quote, now=now)
    begun, settled_fen = parked.session.entered_at, quote.settled_fen
    stay = rules.Stay(parked.tariff, begun, quote.quoted_at, settled_fen, free_minutes=quote.tier_minutes)
    usable = quotes.list_usable(member_id, parked, now=now)
    chosen = quotes.chosen(usable, wish.coupon_ids)
    mix = payment_rules.mix(stay, chosen, wish.points, factor_bps=quote.points_factor_bps)
    if mix.waived_fen and not stays.takes_waivers(parked.car_park, now=now):
        raise WaiversNotTaken
    unfinished = payment_queries.find_awaiting(member_id, session_id=parked.session.id)
    if unfinished is not None and unfinished.quote_id != quote.id:
        _give_up(unfinished, now=now)
    payment = payments.begin(quote, mix, mall_id=parked.car_park.mall_id, now=now)
    _hold(payment, mix, parked, now=now)
    quotes.ensure_current(quote, session_queries.lock_session(parked.session.id), now=now)
    if mix.cash_fen == 0:
        stays.settle(payment, now=now)
    else:
        _ask_for_cash(payment, payer, parked, now=now)
    return payment


def _hold(payment: ParkingPayment, mix: payment_rules.Mix, parked: Parked, *, now: datetime) -> None:
    """Coupons are reserved and points are held, until the payment is complete or given up: only these end the hold."""
    purpose = payments.purpose_of(payment)
    if mix.coupons:
        coupon_ids = [cover.coupon_id for cover in mix.coupons]
        coupons.reserve(payment.member_id, coupon_ids, purpose=purpose, now=now)
    if mix.points:
        held_points.hold(payment, mix.points, parked.car_park, now=now)


def _ask_for_cash(payment: ParkingPayment, payer: Payer | None, parked: Parked, *, now: datetime) -> None:
    demand = Demand(
        purpose=payments.PURPOSE,
        reference=payment.public_id,
        description=f"停车费 {parked.car_park.name}",
        amount_fen=payment.cash_fen,
        payer=payer,
        expires_at=payment.close_after,
    )
    orders.open_order(payment.member_id, demand, now=now)


def settle_payment(member_id: int, payment_id: str, *, now: datetime) -> None:
    """The cash of a payment that waits for it has arrived; the caller holds the member's lock and the order's."""
    stays.settle(payment_queries.lock_payment(member_id, payment_id), now=now)


def give_up_payment(member_id: int, payment_id: str, *, now: datetime) -> bool:
    """Stop waiting for cash: coupons and points are the member's again. False when it does not wait any more."""
    identity_queries.lock_member(member_id)
    payment = payment_queries.lock_payment(member_id, payment_id)
    if payment.status != PaymentStatus.AWAITING_CASH.value:
        return False
    _give_up(payment, now=now)
    return True


def _give_up(payment: ParkingPayment, *, now: datetime) -> None:
    """Money that still comes for the closed order will be refunded."""
    purpose = payments.purpose_of(payment)
    coupons.release(payment.member_id, purpose=purpose)
    if any(waiver.points for waiver in payment_queries.list_waivers(payment.member_id, payment.id)):
        held_points.release(payment, now=now)
    orders.close(payment.member_id, purpose=payments.PURPOSE, reference=payment.public_id, now=now)
    payments.mark_released(payment, now=now)
