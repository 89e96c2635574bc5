"""Reading statements: lists for finance and for a merchant, a statement's lines, and the postings that explain it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, select, text
from sqlalchemy.orm import aliased

from app.access.scopes import Scope
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of
from app.malls.models import Mall, Merchant
from app.settlement.ledger.models import Posting
from app.settlement.ledger.queries import whole
from app.settlement.statements.errors import StatementNotFound
from app.settlement.statements.explained import select_explained
from app.settlement.statements.models import Statement, StatementLine, StatementStatus

ORDER = Order(Statement.period.desc(), Statement.statement_no)
POSTING_ORDER = Order(Posting.accounting_day, Posting.id)


@dataclass(frozen=True, slots=True)
class NamedStatement:
    """A statement with the names of its two sides."""

    statement: Statement
    mall_code: str
    mall_name: str
    merchant_code: str
    merchant_name: str


@dataclass(frozen=True, slots=True)
class ExplainedPosting:
    """One row of a statement; see `explained.select_explained` for the columns."""

    statement_no: str
    merchant_name: str
    posting_id: int
    business_day: date
    accounting_day: date
    occurred_at: datetime | None
    store_code: str | None
    store_name: str | None
    kind: str
    campaign_title: str | None
    takes_back: bool
    reference: str
    base_fen: int
    points: int
    rate: int
    amount_fen: int
    reversed_day: date | None


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """A closed month of a mall: how many statements in which status, and what they sum to."""

    mall_id: int
    period: date
    statements: int
    issued: int
    disputed: int
    confirmed: int
    paid: int
    amount_fen: int
    payable_fen: int
    receivable_fen: int


def visible_to(scope: Scope, permission: str = "statement.view") -> ColumnElement[bool]:
    """The condition that keeps statements of places where the person holds the permission."""
    return scope.condition(permission, mall_id=Statement.mall_id, merchant_id=Statement.merchant_id)


def get_statement(statement_no: str, *, visible: ColumnElement[bool]) -> NamedStatement:
    """The statement by its number, with names; raises StatementNotFound, also when it is not visible."""
    row = db.session.execute(_select_named().where(Statement.statement_no == statement_no, visible)).one_or_none()
    if row is None:
        raise StatementNotFound(statement_no=statement_no)
    return NamedStatement(*row)


def list_statements(
    *,
    visible: ColumnElement[bool],
    mall_id: int | None = None,
    merchant_id: int | None = None,
    period: date | None = None,
    status: StatementStatus | None = None,
    asked: Asked = FIRST,
) -> Page[NamedStatement]:
    """A page of statements, the latest month first, then by number."""
    wanted = [
        column == value
        for column, value in (
            (Statement.mall_id, mall_id),
            (Statement.merchant_id, merchant_id),
            (Statement.period, period),
            (Statement.status, status),
        )
        if value is not None
    ]
    return list_named(visible, *wanted, asked=asked)


def list_named(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[NamedStatement]:
    """A page of the wanted statements, the latest month first if not asked otherwise."""
    page = keyset.rows(_select_named().where(*wanted), order, asked)
    return page.with_items([NamedStatement(*row) for row in page])


def list_by_numbers(statement_nos: Collection[str], *, visible: ColumnElement[bool]) -> list[NamedStatement]:
    """The statements of these numbers, in their order; raises StatementNotFound for the first that is not visible."""
    rows = db.session.execute(_select_named().where(Statement.statement_no.in_(statement_nos), visible))
    found = {row[0].statement_no: NamedStatement(*row) for row in rows}
    missing = sorted(set(statement_nos) - set(found))
    if missing:
        raise StatementNotFound(statement_no=missing[0])
    return [found[number] for number in sorted(found)]


def previous_amounts(named: Sequence[NamedStatement]) -> dict[int, int]:
    """What each of these settled the month before, by their ids; without those that had no statement then."""
    before = aliased(Statement)
    rows = db.session.execute(
        select(Statement.id, before.amount_fen)
        .join(
            before,
            and_(
                before.mall_id == Statement.mall_id,
                before.merchant_id == Statement.merchant_id,
                before.period == cast(Statement.period - text("interval '1 month'"), Date),
            ),
        )
        .where(Statement.id.in_([one.statement.id for one in named]))
    )
    return dict(rows.tuples().all())


def find_previous(statement: Statement) -> Statement | None:
    """The same merchant's statement of the month before."""
    return db.session.scalar(
        select(Statement).where(
            Statement.mall_id == statement.mall_id,
            Statement.merchant_id == statement.merchant_id,
            Statement.period == clock.first_of_month(statement.period - timedelta(days=1)),
        )
    )


def list_lines(statement_id: int) -> Sequence[StatementLine]:
    """The statement's sums by kind of posting; they sum to its amount."""
    return db.session.scalars(
        select(StatementLine).where(StatementLine.statement_id == statement_id).order_by(StatementLine.kind)
    ).all()


def postings_of(statement: Statement) -> list[ColumnElement[bool]]:
    """The conditions that keep the postings that the statement is the sum of."""
    return [
        Posting.mall_id == statement.mall_id,
        Posting.merchant_id == statement.merchant_id,
        Posting.accounting_day.between(statement.from_day, statement.to_day),
    ]


def list_postings(
    statement: Statement, *wanted: ColumnElement[bool], order: Order = POSTING_ORDER, asked: Asked = FIRST
) -> Page[ExplainedPosting]:
    """A page of the statement's postings, each explained, by accounting day if not asked otherwise."""
    # The join says so, too, but only of values it is told does PostgreSQL know in which order an index has their rows.
    own = and_(Statement.id == statement.id, *postings_of(statement), *wanted)
    page = keyset.rows(select_explained(own), order, asked)
    return page.with_items([ExplainedPosting(*row) for row in page])


def list_months(*, visible: ColumnElement[bool], limit: int = 24) -> list[MonthSummary]:
    """Closed months, the latest first, with how far their statements are."""
    counts = [func.count().filter(Statement.status == status.value) for status in _IN_ORDER]
    rows = db.session.execute(
        select(
            Statement.mall_id,
            Statement.period,
            func.count(),
            *counts,
            whole(func.sum(Statement.amount_fen)),
            whole(func.sum(func.greatest(Statement.amount_fen, 0))),
            whole(func.sum(func.greatest(-Statement.amount_fen, 0))),
        )
        .where(visible)
        .group_by(Statement.mall_id, Statement.period)
        .order_by(Statement.period.desc(), Statement.mall_id)
        .limit(limit)
    )
    return [MonthSummary(*row) for row in rows]


_IN_ORDER = (StatementStatus.ISSUED, StatementStatus.DISPUTED, StatementStatus.CONFIRMED, StatementStatus.PAID)


def _select_named() -> Select[tuple[Statement, str, str, str, str]]:
    return (
        select(Statement, Mall.code, Mall.name, Merchant.code, Merchant.name)
        .join(Mall, Mall.id == Statement.mall_id)
        .join(Merchant, Merchant.id == Statement.merchant_id)
    )


def numbers_of(statement_ids: Collection[int]) -> dict[int, str]:
    """Statement numbers by id."""
    return labels_of(Statement.id, Statement.statement_no, statement_ids)
