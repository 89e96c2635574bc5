"""The demo mall's books for a story that begins before its contracts: opened earlier, and settled up to there."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.settlement import agreements
from app.settlement.contracts.models import ContractTerms
from app.settlement.statements import statements
from app.settlement.statements.models import Statement, StatementStatus

_OPENS = timedelta(hours=10)
_CLOSED_AFTER = timedelta(days=2)
_CONFIRMED_AFTER = timedelta(days=5)
_PAID_AFTER = timedelta(days=18)
_CONFIRMED_BY = "商户财务"


def open_books(mall_id: int, *, since: date) -> None:
    """Let the first terms of each of the mall's merchants hold from the month of that day on, if they begin later.

    Raises TermsInClosedPeriod where a month is closed already.
    """
    first_day = clock.first_of_month(since)
    first_terms = (
        select(ContractTerms)
        .distinct(ContractTerms.merchant_id)
        .where(ContractTerms.mall_id == mall_id)
        .order_by(ContractTerms.merchant_id, ContractTerms.effective_from)
    )
    for terms in db.session.scalars(first_terms).all():
        if terms.effective_from > first_day:
            agreements.add_terms(
                mall_id,
                terms.merchant_id,
                effective_from=first_day,
                commission_bps=terms.commission_bps,
                issue_price_fen=terms.issue_price_fen,
                redeem_price_fen=terms.redeem_price_fen,
                due_days=terms.due_days,
            )


def settle_months(mall_id: int, *, since: date, until: date) -> int:
    """Close the months from that of one day up to that of another, each in its time; all are confirmed and paid.

    Returns how many statements that were; months that were closed before are left as they are.
    """
    month, settled = clock.first_of_month(since), 0
    while month < clock.first_of_month(until):
        after = clock.first_of_next_month(month)
        moment = clock.start_of_day(after) + _OPENS
        if statements.close_month(mall_id, month, now=moment + _CLOSED_AFTER).issued:
            settled += _settle(mall_id, month, moment)
        month = after
    return settled


def _settle(mall_id: int, month: date, moment: datetime) -> int:
    issued = select(Statement.id, Statement.merchant_id).where(
        Statement.mall_id == mall_id, Statement.period == month, Statement.status == StatementStatus.ISSUED.value
    )
    rows = db.session.execute(issued.order_by(Statement.id)).all()
    for statement_id, merchant_id in rows:
        statements.confirm(statement_id, by=_CONFIRMED_BY, now=moment + _CONFIRMED_AFTER)
        reference = f"HT{month:%Y%m}{merchant_id:04d}"
        statements.mark_paid(statement_id, reference=reference, now=moment + _PAID_AFTER)
    return len(rows)
