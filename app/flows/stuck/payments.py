"""Money that WeChat Pay would not settle: orders it gave no answer about, refunds it did not take on or carry out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.access.audit import Actor
from app.access.models import Role
from app.benefits.exchanges import exchanges
from app.benefits.exchanges import queries as exchange_queries
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.identity import queries as members
from app.parking.payment import payments as parking_payments
from app.parking.payment import queries as parking_queries
from app.payments import closing, refunds
from app.payments import queries as payment_queries
from app.payments.models import PaymentOrder, PaymentRefund

# The mall in which a thing was to be paid, by its purpose: (member_id, reference) → mall_id.
_MALLS: dict[str, Callable[[int, str], int]] = {
    parking_payments.PURPOSE: parking_queries.get_mall_of_payment,
    exchanges.PURPOSE: exchange_queries.get_mall_of,
}


def _ask_again(case: Case, *, by: Actor, now: datetime) -> None:
    closing.requeue(*_key(case), now=now)


def _refund_again(case: Case, *, by: Actor, now: datetime) -> None:
    refunds.requeue(*_key(case), now=now)


def _refund_by_hand(case: Case, *, by: Actor, now: datetime) -> None:
    refunds.finish_by_hand(*_key(case), now=now)


def _key(case: Case) -> tuple[int, int]:
    member_id, _, row_id = case.subject.partition(":")[2].partition("-")
    return int(member_id), int(row_id)


ORDER_STUCK = CaseKind(
    code="order_stuck",
    role=Role.FINANCE,
    within=timedelta(days=1),
    # An order that waits may hold coupons and points: only the platform's answer may let them go.
    outcomes={"try_again": _ask_again},
)
REFUND_STUCK = CaseKind(
    code="refund_stuck",
    role=Role.FINANCE,
    within=timedelta(days=1),
    outcomes={"try_again": _refund_again, "refunded_by_hand": _refund_by_hand},
)

REFUND_UNDELIVERED = CaseKind(
    code="refund_undelivered",
    role=Role.FINANCE,
    within=timedelta(days=1),
    # The platform has the refund by its number and will not take another one: only its own pages help.
    outcomes={"refunded_by_hand": None},
)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every order and refund that was given up; returns how many were new."""
    return _raise_orders(now, limit) + _raise_refunds(now, limit)


def _raise_orders(now: datetime, limit: int) -> int:
    asked = case_queries.list_open_subjects(ORDER_STUCK.code)
    dead = closing.list_dead(limit=limit + len(asked))  # what is asked already must not hide what is not
    subjects = {_subject(order.member_id, order.id, "payment_order"): order for order in dead}
    return sum(
        _ask(ORDER_STUCK, subject, order, row=order, now=now)
        for subject, order in subjects.items()
        if subject not in asked
    )


def _raise_refunds(now: datetime, limit: int) -> int:
    asked = case_queries.list_open_subjects(REFUND_STUCK.code)
    dead = refunds.list_dead(limit=limit + len(asked))  # as above
    subjects = {_subject(one.member_id, one.id, "payment_refund"): one for one in dead}
    return sum(
        _ask(REFUND_STUCK, subject, payment_queries.get_order(refund.member_id, refund.order_id), row=refund, now=now)
        for subject, refund in subjects.items()
        if subject not in asked
    )


def raise_undelivered(out_trade_no: str, *, status: str, now: datetime) -> bool:
    """Ask about money of an order that the platform took back and could not hand on; raises OrderUnknown."""
    member_id, order_id = payment_queries.get_owner(out_trade_no)
    order = payment_queries.get_order(member_id, order_id)
    return cases.raise_case(
        REFUND_UNDELIVERED,
        _subject(member_id, order_id, "payment_order"),
        mall_id=_mall_of(order),
        reason=status.lower(),
        facts={"amount_fen": order.amount_fen, "out_trade_no": out_trade_no},
        evidence=[f"member:{member_id}"],
        now=now,
    )


def _subject(member_id: int, row_id: int, kind: str) -> str:
    return f"{kind}:{member_id}-{row_id}"


def _ask(
    kind: CaseKind, subject: str, order: PaymentOrder, *, row: PaymentOrder | PaymentRefund, now: datetime
) -> bool:
    return cases.raise_case(
        kind,
        subject,
        mall_id=_mall_of(order),
        reason="given_up",
        facts={
            "attempts": row.attempts,
            "error": row.last_error or "",
            "amount_fen": row.amount_fen,
            "out_trade_no": order.out_trade_no,
        },
        evidence=[f"member:{order.member_id}"],
        now=now,
    )


def _mall_of(order: PaymentOrder) -> int:
    """Where it was to be paid; for a purpose without a place, where the member is at home."""
    find = _MALLS.get(order.purpose)
    if find is None:
        return members.get_member(order.member_id).home_mall_id
    return find(order.member_id, order.reference)
