"""Closing a month into statements, and a statement's life after that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, Select, func, insert, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.kernel import clock
from app.kernel.db import Moment, db, wait_for_locks
from app.kernel.switches import assign
from app.malls.models import Mall, Merchant
from app.settlement.contracts import contracts
from app.settlement.contracts import rules as contract_rules
from app.settlement.ledger.models import Book, Posting
from app.settlement.ledger.queries import whole
from app.settlement.statements import rules
from app.settlement.statements.errors import StatementNotFound, StatementsNotAgreed
from app.settlement.statements.models import InvoiceStatus, Statement, StatementLine, StatementStatus

# Tills post on while a month is closed, and two people may close it at once: who closes stands in line behind them all.
LOCK_WAIT_MS = 25_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What closing a month did: how many statements it issued now (0 when it was closed before)."""

    mall_id: int
    period: date
    issued: int


def close_month(mall_id: int, period: date, *, now: datetime) -> Closing:
    """Close the month that begins on `period` for every book of the mall: one statement each, also where nothing was.

    Waits out the transactions that are posting, and holds later ones back until this one ends; they post into the next
    period. A statement runs from the book's first open day, so months never closed are included. Closing again changes
    nothing but for books opened in between. Raises MonthNotOver.
    """
    rules.ensure_over(period, today=clock.business_date(now))
    next_period = clock.first_of_next_month(period)
    open_days = _lock_books(mall_id, before=next_period)
    merchant_ids = list(open_days)
    if merchant_ids:
        _issue(mall_id, merchant_ids, period=period, to_day=next_period - timedelta(days=1), now=now)
        issued = (Statement.mall_id == mall_id) & (Statement.period == period) & Statement.merchant_id.in_(merchant_ids)
        for from_day in sorted(set(open_days.values())):
            those = [merchant_id for merchant_id, open_day in open_days.items() if open_day == from_day]
            _add_lines(issued, mall_id, those, from_day=from_day, to_day=next_period - timedelta(days=1))
        _total(issued)
        _move_books(mall_id, merchant_ids, to=next_period)
        _ensure_lines_sum(issued)
    return Closing(mall_id=mall_id, period=period, issued=len(merchant_ids))


def lock_statement(statement_id: int) -> Statement:
    """The statement, locked until the transaction ends; raises StatementNotFound."""
    statement = db.session.scalar(
        select(Statement)
        .where(Statement.id == statement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if statement is None:
        raise StatementNotFound(statement_id=statement_id)
    return statement


def confirm(statement_id: int, *, by: str, now: datetime) -> bool:
    """The merchant agrees; `by` names who. Also ends a dispute. False when somebody has: the first one stands.

    Raises StatementTransition when it is paid.
    """
    statement = lock_statement(statement_id)
    if statement.status == StatementStatus.CONFIRMED:
        return False
    _step(statement, StatementStatus.CONFIRMED)
    statement.confirmed_at = now
    statement.confirmed_by = by
    statement.due_on = clock.business_date(now) + timedelta(days=due_days_of(statement))
    db.session.flush()
    return True


def due_days_of(statement: Statement) -> int:
    """Within how many days of the confirmation it is to be paid, by the terms of the statement's last day."""
    terms = contracts.find_terms(statement.mall_id, statement.merchant_id, on=statement.to_day)
    return contract_rules.DUE_DAYS if terms is None else terms.due_days


def dispute(statement_id: int, *, reason: str, now: datetime) -> Statement:
    """The merchant objects and says why; raises ReasonMissing, and StatementTransition unless it is freshly issued."""
    reason = rules.worded(reason, field="reason")
    statement = lock_statement(statement_id)
    _step(statement, StatementStatus.DISPUTED)
    statement.disputed_at = now
    statement.dispute_reason = reason
    db.session.flush()
    return statement


def answer_dispute(statement_id: int, *, answer: str) -> bool:
    """Finance answers; the statement stays disputed until the merchant confirms, and a correction is posted later.

    False when the answer is there already. Raises ReasonMissing, and StatementTransition unless it is disputed.
    """
    answer = rules.worded(answer, field="answer")
    statement = lock_statement(statement_id)
    rules.ensure_disputed(StatementStatus(statement.status))
    return assign(statement, dispute_answer=answer)


def mark_paid(statement_id: int, *, reference: str, now: datetime) -> bool:
    """Settled outside with a bank's or ledger's reference; False for the same reference again.

    Raises ReasonMissing, and StatementTransition unless it is confirmed.
    """
    reference = rules.numbered(reference, field="reference")
    statement = lock_statement(statement_id)
    if statement.status == StatementStatus.PAID and statement.payment_reference == reference:
        return False
    _step(statement, StatementStatus.PAID)
    statement.paid_at = now
    statement.payment_reference = reference
    db.session.flush()
    return True


def mark_all_paid(references: Mapping[int, str], *, now: datetime) -> None:
    """Settle several, each with its reference, all or none; `references` by statement.

    Raises StatementsNotAgreed, which names those that are not confirmed, and what `mark_paid` raises.
    """
    statements = [lock_statement(statement_id) for statement_id in sorted(references)]
    wrong = [one.statement_no for one in statements if one.status != StatementStatus.CONFIRMED]
    if wrong:
        raise StatementsNotAgreed(statement_nos=wrong)
    for statement in statements:
        mark_paid(statement.id, reference=references[statement.id], now=now)


def set_invoice(statement_id: int, *, status: InvoiceStatus, number: str) -> bool:
    """Write down whether an invoice was issued, and its number; may be corrected. False when it stands so already.

    Raises ReasonMissing without the number of one that was issued.
    """
    kept = rules.numbered(number, field="invoice_no") if status == InvoiceStatus.ISSUED else None
    return assign(lock_statement(statement_id), invoice_no=kept, invoice_status=status.value)


def _step(statement: Statement, wanted: StatementStatus) -> None:
    rules.ensure_transition(StatementStatus(statement.status), wanted)
    statement.status = wanted.value


def _lock_books(mall_id: int, *, before: date) -> dict[int, date]:
    """First open days by merchant of the books open before the day, locked against posting in ascending order.

    Only these are closed: a book opened after this statement looked may have postings not yet committed.
    """
    wait_for_locks(most_ms=LOCK_WAIT_MS)
    rows = db.session.execute(
        select(Book.merchant_id, Book.first_open_day)
        .where(Book.mall_id == mall_id, Book.first_open_day < before)
        .order_by(Book.merchant_id)
        .with_for_update()
    )
    return dict(rows.tuples().all())


def _issue(mall_id: int, merchant_ids: Sequence[int], *, period: date, to_day: date, now: datetime) -> None:
    columns: dict[str, Any] = {
        "statement_no": literal(f"JS{period:%Y%m}-") + Mall.code + "-" + Merchant.code,
        "mall_id": Book.mall_id,
        "merchant_id": Book.merchant_id,
        "period": literal(period, Date()),
        "from_day": Book.first_open_day,
        "to_day": literal(to_day, Date()),
        "posting_count": literal(0, BigInteger()),
        "amount_fen": literal(0, BigInteger()),
        "status": literal(StatementStatus.ISSUED.value),
        "issued_at": literal(now, Moment()),
        "invoice_status": literal(InvoiceStatus.OPEN.value),
    }
    books = (
        select(*columns.values())
        .select_from(Book)
        .join(Mall, Mall.id == Book.mall_id)
        .join(Merchant, Merchant.id == Book.merchant_id)
        .where(Book.mall_id == mall_id, Book.merchant_id.in_(merchant_ids))
    )
    db.session.execute(insert(Statement).from_select(list(columns), books))


def _add_lines(
    issued: ColumnElement[bool], mall_id: int, merchant_ids: Sequence[int], *, from_day: date, to_day: date
) -> None:
    """Sum the postings of merchants whose books opened on one day.

    Summed before it is joined, over a span the planner knows: it then reads the postings once and in order, where a
    join by each statement's own span looked up every merchant's rows one by one, four times as slow.
    """
    sums = (
        select(
            Posting.merchant_id,
            Posting.kind,
            func.count().label("posting_count"),
            whole(func.sum(Posting.base_fen)).label("base_fen"),
            whole(func.sum(Posting.points)).label("points"),
            whole(func.sum(Posting.amount_fen)).label("amount_fen"),
        )
        .where(
            Posting.mall_id == mall_id,
            Posting.merchant_id.in_(merchant_ids),
            Posting.accounting_day.between(from_day, to_day),
        )
        .group_by(Posting.merchant_id, Posting.kind)
        .subquery()
    )
    names = ["kind", "posting_count", "base_fen", "points", "amount_fen"]
    lines = select(Statement.id, *(sums.c[name] for name in names)).join(
        sums, sums.c.merchant_id == Statement.merchant_id
    )
    db.session.execute(insert(StatementLine).from_select(["statement_id", *names], lines.where(issued)))


def _total(issued: ColumnElement[bool]) -> None:
    sums = _select_line_sums(issued).subquery()
    db.session.execute(
        update(Statement)
        .where(Statement.id == sums.c.id)
        .values(posting_count=sums.c.posting_count, amount_fen=sums.c.amount_fen)
        .execution_options(synchronize_session=False)
    )


def _move_books(mall_id: int, merchant_ids: Sequence[int], *, to: date) -> None:
    db.session.execute(
        update(Book)
        .where(Book.mall_id == mall_id, Book.merchant_id.in_(merchant_ids))
        .values(first_open_day=to)
        .execution_options(synchronize_session=False)
    )


def _ensure_lines_sum(issued: ColumnElement[bool]) -> None:
    """Raises AssertionError, and so undoes the closing, unless every statement is the sum of its lines."""
    sums = _select_line_sums(issued).subquery()
    wrong = db.session.scalars(
        select(Statement.statement_no)
        .join(sums, sums.c.id == Statement.id)
        .where((Statement.amount_fen != sums.c.amount_fen) | (Statement.posting_count != sums.c.posting_count))
    ).all()
    if wrong:
        raise AssertionError(f"lines do not sum to their statement: {', '.join(wrong)}")


def _select_line_sums(issued: ColumnElement[bool]) -> Select[tuple[int, int, int]]:
    return (
        select(
            Statement.id,
            whole(func.coalesce(func.sum(StatementLine.posting_count), 0)).label("posting_count"),
            whole(func.coalesce(func.sum(StatementLine.amount_fen), 0)).label("amount_fen"),
        )
        .outerjoin(StatementLine, StatementLine.statement_id == Statement.id)
        .where(issued)
        .group_by(Statement.id)
    )
