"""Points at a till: asked for by the store, consented to by the member's code or on their phone, held, then spent.

All of a member's payments go one after the other behind the member's row; the points are held by the ledger, so two
tills cannot have the same ones. What is paid is owed to the store's merchant at the contract's price, whatever the
factor was for the member.
"""

from dataclasses import dataclass
from datetime import datetime

from app.access import audit, scopes
from app.identity import queries as identity_queries
from app.identity.codes import member_codes
from app.kernel import clock
from app.kernel.reasons import Reason
from app.malls.store_refs import StoreRef
from app.points.ledger import holds, ledger
from app.points.ledger.models import EntryKind
from app.points.till import facts, payments, queries, rules, till_rules
from app.points.till.errors import (
    CodeTooOld,
    NotConfirmed,
    PaymentNotPaid,
    PaymentOver,
    PointsWorthNothing,
    StoreTakesNoPoints,
    UndoTooLate,
)
from app.points.till.models import PaymentStatus, PointsPayment, ReleasedWhy
from app.points.till.payments import Sum
from app.points.worth import factors
from app.points.worth import rules as worth
from app.settlement.contracts import contracts
from app.settlement.ledger import facts as ledger_facts
from app.settlement.ledger import postings
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker(StoreRef):
    """Who asks for points: a clerk who stands in the store, or a machine of it. `used_by` is who scanned the code."""

    store_name: str
    used_by: str
    actor: audit.Actor
    staff_id: int | None = None
    machine_id: int | None = None


def known_by_code(member_id: int, taker: Taker, *, now: datetime) -> str:
    """The code by which the taker has just come to know the member: their consent. Raises CodeTooOld."""
    person_ids = identity_queries.list_person_ids(member_id)
    since = now - rules.CODE_GOOD_FOR
    nonce = member_codes.find_taken(person_ids, used_by=taker.used_by, since=since)
    if nonce is None:
        raise CodeTooOld
    return nonce


def ask_for_points(member_id: int, points: int, taker: Taker, *, now: datetime) -> PointsPayment:
    """Hold points (> 0) of a member whose code the taker has scanned, and take them at once where a clerk asks for no
    more than the code may give.

    Raises MemberRequired, CodeTooOld, CodeSpent, PaymentWaits, StoreTakesNoPoints, PointsWorthNothing,
    InsufficientPoints and BookNotOpen.
    """
    member = identity_queries.lock_joined(member_id)
    consent, today = known_by_code(member.id, taker, now=now), clock.business_date(now)
    if contracts.find_terms(taker.mall_id, taker.merchant_id, on=today) is None:
        raise StoreTakesNoPoints
    payment = payments.begin(
        member.id,
        _sum(points, now=now),
        taker,
        staff_id=taker.staff_id,
        machine_id=taker.machine_id,
        consent=consent,
        terms=till_rules.in_force(taker.mall_id, today),
        now=now,
    )
    _hold(payment, taker, now=now)
    _record(payment, taker.actor, "points_payment.create", now=now)
    if payment.consented_at is not None and payment.machine_id is None:
        _settle(payment, now=now)
    return payment


def _sum(points: int, *, now: datetime) -> Sum:
    factor_bps = factors.at(now)
    worth_fen = worth.worth_fen(points, factor_bps)
    if worth_fen == 0:
        raise PointsWorthNothing
    return Sum(points=points, worth_fen=worth_fen, factor_bps=factor_bps)


def _hold(payment: PointsPayment, taker: Taker, *, now: datetime) -> None:
    holds.hold(
        payment.member_id,
        points=payment.points,
        reason=Reason("till", {"store": taker.store_name}),
        fact=facts.payment(payment.public_id),
        now=now,
        until=payment.confirm_by,
        mall_id=payment.mall_id,
        store_id=payment.store_id,
    )


def _settle(payment: PointsPayment, *, now: datetime) -> None:
    """The points are spent, the store is owed their price, and the member was there."""
    fact, store = facts.payment(payment.public_id), _store_of(payment)
    holds.capture(payment.member_id, fact=fact, now=now)
    spent = ledger_facts.points_spent(fact)
    postings.post_points_spent(store, fact=spent, points=payment.points, occurred_at=now)
    payments.mark_paid(payment, now=now)
    events.record(
        payment.member_id,
        kind=EventKind.VISITED,
        fact=fact,
        occurred_at=now,
        mall_id=payment.mall_id,
        store_id=payment.store_id,
        source="points",
    )


def _store_of(payment: PointsPayment) -> StoreRef:
    return StoreRef(mall_id=payment.mall_id, merchant_id=payment.merchant_id, store_id=payment.store_id)


def _lock(seen: PointsPayment) -> PointsPayment:
    identity_queries.lock_member(seen.member_id)
    return queries.lock_payment(seen)


def confirm_payment(member_id: int, public_id: str, *, now: datetime) -> PointsPayment:
    """The member says yes: a clerk's payment is paid, a machine may take its own. Saying it again changes nothing.

    Raises PaymentNotFound, and PaymentOver (fact status) when it does not wait any more.
    """
    payment = _lock(queries.find_of_member(public_id, member_id=member_id))
    status = rules.status_at(payment, now)
    if status is PaymentStatus.PAID:
        return payment
    if status is not PaymentStatus.AWAITING:
        raise PaymentOver(status=status.value)
    payment.consented_at = payment.consented_at or now
    if payment.machine_id is None:
        _settle(payment, now=now)
    return payment


def decline_payment(member_id: int, public_id: str, *, now: datetime) -> PointsPayment:
    """The member says no: the points are free. Raises PaymentNotFound, PaymentOver when it was paid."""
    payment = _lock(queries.find_of_member(public_id, member_id=member_id))
    return _let_go(payment, ReleasedWhy.DECLINED, now=now)


def withdraw_payment(seen: PointsPayment, taker: Taker, *, now: datetime) -> PointsPayment:
    """The till gives up a payment of its own: the points are free. Raises PaymentOver when it was paid."""
    payment = _lock(seen)
    was_open = rules.status_at(payment, now) is PaymentStatus.AWAITING
    _let_go(payment, ReleasedWhy.WITHDRAWN, now=now)
    if was_open:
        _record(payment, taker.actor, "points_payment.withdraw", now=now)
    return payment


def _let_go(payment: PointsPayment, why: ReleasedWhy, *, now: datetime) -> PointsPayment:
    """Release what waits; what is released already stays as it is."""
    if payment.status in (PaymentStatus.PAID.value, PaymentStatus.REVERSED.value):
        raise PaymentOver(status=payment.status)
    if payment.status == PaymentStatus.AWAITING.value:
        is_over = payment.confirm_by <= now
        holds.release(payment.member_id, fact=facts.payment(payment.public_id), now=now)
        payments.mark_released(payment, ReleasedWhy.TIMED_OUT if is_over else why, now=now)
    return payment


def capture_payment(seen: PointsPayment, *, now: datetime) -> PointsPayment:
    """A machine takes what it has held; again changes nothing.

    Raises NotConfirmed while the member is still to say yes, PaymentOver (fact status).
    """
    payment = _lock(seen)
    status = rules.status_at(payment, now)
    if status is PaymentStatus.PAID:
        return payment
    if status is not PaymentStatus.AWAITING:
        raise PaymentOver(status=status.value)
    if payment.consented_at is None:
        raise NotConfirmed
    _settle(payment, now=now)
    return payment


def write_off_payment(seen: PointsPayment, *, now: datetime) -> bool:
    """Let go of a payment whose time is over; False when something ended it meanwhile."""
    payment = _lock(seen)
    if payment.status != PaymentStatus.AWAITING.value or payment.confirm_by > now:
        return False
    _let_go(payment, ReleasedWhy.TIMED_OUT, now=now)
    return True


def undo_payment(seen: PointsPayment, taker: Taker, *, now: datetime) -> PointsPayment:
    """The store undoes what it was paid within a quarter of an hour: points, posting and row say so.

    Raises PaymentNotPaid (fact status), UndoTooLate.
    """
    member = identity_queries.lock_member(seen.member_id)
    payment = queries.lock_payment(seen)
    if payment.status != PaymentStatus.PAID.value or payment.paid_at is None:
        raise PaymentNotPaid(status=payment.status)
    if now - payment.paid_at > rules.REVERSAL_WINDOW:
        raise UndoTooLate
    fact, back = facts.payment(payment.public_id), facts.reversal(payment.public_id)
    if not identity_queries.has_left(member):
        _give_back(payment, member.id, taker, now=now)
    spent = ledger_facts.points_spent(fact)
    postings.reverse(fact=spent, reversal_fact=ledger_facts.points_spent(back), occurred_at=now)
    payments.mark_reversed(payment, staff_id=taker.staff_id, now=now)
    _record(payment, taker.actor, "points_payment.undo", now=now)
    return payment


def _give_back(payment: PointsPayment, member_id: int, taker: Taker, *, now: datetime) -> None:
    """Into the lots they came from; whoever was merged since has them as whom they became, in a lot of today."""
    reason, back = Reason("till_back", {"store": taker.store_name}), facts.reversal(payment.public_id)
    if member_id == payment.member_id:
        spent = facts.payment(payment.public_id)
        ledger.give_back(member_id, spent_fact=spent, reason=reason, fact=back, now=now)
        return
    ledger.accrue(
        member_id,
        points=payment.points,
        reason=reason,
        fact=back,
        now=now,
        mall_id=payment.mall_id,
        store_id=payment.store_id,
        kind=EntryKind.REVERSE,
    )


def _record(payment: PointsPayment, actor: audit.Actor, action: str, *, now: datetime) -> None:
    audit.record(
        actor,
        action=action,
        subject=facts.payment(payment.public_id),
        now=now,
        place=scopes.place_of(_store_of(payment)),
        facts={"points": payment.points, "worth_fen": payment.worth_fen},
    )
