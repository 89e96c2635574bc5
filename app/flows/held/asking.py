"""People are asked about payments that may have been told of before, and refunds whose purchase does not come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.flows.held import releasing
from app.kernel.db import db
from app.malls import queries as malls
from app.purchases.settings import settings
from app.purchases.waiting import waiting
from app.purchases.waiting.models import WaitingReceipt, Why


def _same(case: Case, *, by: Actor, now: datetime) -> None:
    releasing.record_as_same(_waiting_id(case), by, now=now)


def _apart(case: Case, *, by: Actor, now: datetime) -> None:
    releasing.record_apart(_waiting_id(case), by, now=now)


def _set_aside(case: Case, *, by: Actor, now: datetime) -> None:
    row = waiting.lock(_waiting_id(case))
    if row is not None and row.dismissed_at is None:
        waiting.dismiss(row, by=by.name, reason="wrong", now=now)


SAME_PAYMENT = CaseKind(
    code="same_payment",
    role=Role.OPERATIONS,
    within=timedelta(days=2),
    outcomes={"same": _same, "apart": _apart},
)
REFUND_AHEAD = CaseKind(
    code="refund_ahead",
    role=Role.OPERATIONS,
    within=timedelta(days=3),
    outcomes={"till_asked": None, "set_aside": _set_aside},
)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about what waits for people; questions about what waits no longer settle themselves."""
    _settle(now=now)
    doubtful = _list_new(SAME_PAYMENT, WaitingReceipt.why == Why.DECISION, limit=limit)
    raised = sum(_ask(SAME_PAYMENT, row, "several", now=now) for row in doubtful)
    return raised + sum(_ask(REFUND_AHEAD, row, why, now=now) for row, why in _list_refunds(now, limit=limit))


def subject_of(row: WaitingReceipt) -> str:
    """What cases about it are about."""
    return f"waiting_receipt:{row.id}"


def _waiting_id(case: Case) -> int:
    return int(case.subject.partition(":")[2])


def _settle(*, now: datetime) -> None:
    for kind in (SAME_PAYMENT, REFUND_AHEAD):
        asked = {int(subject.partition(":")[2]): subject for subject in case_queries.list_open_subjects(kind.code)}
        still = WaitingReceipt.id.in_(asked) & WaitingReceipt.dismissed_at.is_(None)
        waits = set(db.session.scalars(select(WaitingReceipt.id).where(still))) if asked else set()
        for gone in sorted(asked.keys() - waits):
            cases.settle_itself(kind, asked[gone], now=now)


def _list_refunds(now: datetime, *, limit: int) -> list[tuple[WaitingReceipt, str]]:
    """Refunds that were refused when their purchase came, and those that have waited longer than their mall says."""
    days = settings.refund_days_by_mall()
    shortest = min([*days.values(), settings.USUAL.refund_days])
    asked = (WaitingReceipt.obstacle.is_not(None)) | (WaitingReceipt.recorded_at <= now - timedelta(days=shortest))
    found = []
    for row in _list_new(REFUND_AHEAD, WaitingReceipt.why == Why.PURCHASE, asked, limit=limit):
        if row.obstacle is not None:
            found.append((row, "refused"))
        elif row.recorded_at <= now - timedelta(days=days.get(row.mall_id, settings.USUAL.refund_days)):
            found.append((row, "no_purchase"))
    return found


def _list_new(kind: CaseKind, *wanted: Any, limit: int) -> Sequence[WaitingReceipt]:
    """The first of those that wait and were never asked about."""
    rows = db.session.scalars(
        select(WaitingReceipt)
        .where(*wanted, WaitingReceipt.dismissed_at.is_(None))
        .order_by(WaitingReceipt.recorded_at)
    ).all()
    known = case_queries.list_known(kind.code, {subject_of(row) for row in rows})
    return [row for row in rows if subject_of(row) not in known][:limit]


def _ask(kind: CaseKind, row: WaitingReceipt, reason: str, *, now: datetime) -> bool:
    return cases.raise_case(
        kind,
        subject_of(row),
        mall_id=row.mall_id,
        reason=reason,
        facts=_facts(row),
        evidence=[subject_of(row), f"store:{row.store_id}"],
        now=now,
    )


def _facts(row: WaitingReceipt) -> Mapping[str, Any]:
    return {
        "store": malls.get_store(row.store_id or 0).name,
        "source": row.source,
        "receipt_no": row.receipt_no,
        "refund_of": row.refund_of or "",
        "amount_fen": abs(row.amount_fen),
    }
