"""The mall's open lists: what of its statements waits for somebody, and how much of it there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select

from app.kernel.db import db
from app.kernel.lists.keyset import Order
from app.settlement.ledger.queries import whole
from app.settlement.statements.models import Statement, StatementStatus

DUE_ORDER = Order(Statement.due_on, Statement.statement_no)
# In the words of the index that has these alone.
IS_OPEN = Statement.status != literal_column(f"'{StatementStatus.PAID.value}'")


class OpenList(StrEnum):
    """What waits for somebody, as the mall's finance works through it."""

    PAYABLE = "payable"  # agreed, the mall pays; also those of nought, which only have to be marked
    RECEIVABLE = "receivable"  # agreed, the merchant pays
    DISPUTED = "disputed"  # the merchant objects
    UNCONFIRMED = "unconfirmed"  # the merchant has not answered

    @property
    def condition(self) -> ColumnElement[bool]:
        agreed = Statement.status == StatementStatus.CONFIRMED.value
        match self:
            case OpenList.PAYABLE:
                return and_(agreed, Statement.amount_fen >= 0)
            case OpenList.RECEIVABLE:
                return and_(agreed, Statement.amount_fen < 0)
            case OpenList.DISPUTED:
                return Statement.status == StatementStatus.DISPUTED.value
            case OpenList.UNCONFIRMED:
                return Statement.status == StatementStatus.ISSUED.value


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """How many statements one of the open lists holds, what they sum to, and how many are overdue."""

    statements: int
    amount_fen: int
    overdue: int

    def plus(self, other: "OpenTotal") -> "OpenTotal":
        return OpenTotal(
            self.statements + other.statements, self.amount_fen + other.amount_fen, self.overdue + other.overdue
        )


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """What a month has in one of the open lists."""

    period: date
    which: OpenList
    total: OpenTotal


def list_open_months(*, visible: ColumnElement[bool], mall_id: int, today: date) -> list[OpenMonth]:
    """What each month has in each of the mall's open lists on a day, the latest month first; no empty ones."""
    which = case(*((one.condition, one.value) for one in OpenList)).label("which")
    overdue = func.count().filter(is_overdue(today))
    rows = db.session.execute(
        select(Statement.period, which, func.count(), whole(func.sum(Statement.amount_fen)), overdue)
        .where(visible, Statement.mall_id == mall_id, IS_OPEN)
        .group_by(Statement.period, which)
        .order_by(Statement.period.desc())
    )
    return [OpenMonth(period, OpenList(name), OpenTotal(*total)) for period, name, *total in rows]


def sum_open(months: Iterable[OpenMonth]) -> dict[OpenList, OpenTotal]:
    """What each of the open lists holds in all of these."""
    totals = dict.fromkeys(OpenList, OpenTotal(0, 0, 0))
    for month in months:
        totals[month.which] = totals[month.which].plus(month.total)
    return totals


def is_overdue(today: date) -> ColumnElement[bool]:
    """The condition that an agreed statement's money should have come or gone before the day."""
    agreed = Statement.status == StatementStatus.CONFIRMED.value
    return and_(agreed, Statement.amount_fen != 0, Statement.due_on < today)
