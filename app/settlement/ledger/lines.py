"""Writing lines: one statement reads the books under a shared lock and inserts, however many lines there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    FromClause,
    Insert,
    Table,
    Text,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
    true,
    tuple_,
    values,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.selectable import CTE
from sqlalchemy.types import TypeEngine

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.day_sums.models import DayMark
from app.kernel.db import Moment, db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.prepared import Prepared
from app.settlement.ledger.day_sums import POSTED
from app.settlement.ledger.errors import BookNotOpen
from app.settlement.ledger.models import Book, Posting, PostingKind

# A plain table: handing parameters to an insert of the mapped class would be taken for a bulk insert.
_POSTINGS = cast(Table, Posting.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A posting to be written; `rate` is bps for shares and commission, fen per 100 points for points."""

    mall_id: int
    merchant_id: int
    store_id: int
    kind: PostingKind
    fact: Fact
    base_fen: int
    points: int
    rate: int
    amount_fen: int
    business_day: date
    occurred_at: datetime
    reverses_id: int | None = None

    @property
    def act_kind(self) -> str:
        """The fact's kind, in a column of its own, as are its scope and ref: selects join on these."""
        return self.fact.kind

    @property
    def act_scope(self) -> str | None:
        """Within what `act_ref` is unique, such as the source of a receipt."""
        return self.fact.scope

    @property
    def act_ref(self) -> str:
        """What the act is known by, such as a redemption's public id or a receipt's number."""
        return self.fact.ref


# What a line says of itself, by the columns of postings.
LINE_COLUMNS = [*(field.name for field in fields(Line)), "act_kind", "act_scope", "act_ref"]
_TYPES: Mapping[str, TypeEngine[Any]] = {
    "mall_id": BigInteger(),
    "merchant_id": BigInteger(),
    "store_id": BigInteger(),
    "kind": Text(),
    "fact": Text(),
    "base_fen": BigInteger(),
    "points": BigInteger(),
    "rate": BigInteger(),
    "amount_fen": BigInteger(),
    "business_day": Date(),
    "occurred_at": Moment(),
    "reverses_id": BigInteger(),
    "act_kind": Text(),
    "act_scope": Text(),
    "act_ref": Text(),
}
# What tells the lines of one act in one store from each other, and what they have in common.
_OWN = ("kind", "base_fen", "points", "rate", "amount_fen", "reverses_id")
_SHARED = tuple(name for name in LINE_COLUMNS if name not in _OWN)


def post(lines: Iterable[Line]) -> int:
    """Write the lines in one statement, however many and whoever's books; returns how many were new.

    Books are locked in share mode in ascending order until the transaction ends. Raises BookNotOpen when a book is
    missing or opens on a coming day (nothing is written for it), ValueError when a (kind, fact) is already
    posted with another amount.
    """
    lines = list(lines)
    if not lines:
        return 0
    statement, values = _statement_for(lines)
    written = statement.run(**values)
    _ensure_all_posted(lines, written)
    return written


def post_later(lines: Sequence[Line]) -> None:
    """As `post`, with what else waits for the commit; what `post` raises is raised there."""
    statement, values = _statement_for(lines)
    statement.later(values, check=partial(_ensure_all_posted, lines))


def _statement_for(lines: Sequence[Line]) -> tuple[Prepared, dict[str, Any]]:
    """What is posted on a day that is over is marked by the same statement, for the sums by day."""
    first_open = marks.first_open_day()
    if any(line.business_day < first_open for line in lines):
        return _INSERT_LATE, {**parameters(lines), "first_open": first_open}
    return INSERT, parameters(lines)


def parameters(lines: Sequence[Line]) -> dict[str, Any]:
    """The values of `INSERT` for these lines: all as one JSON, which is less to hand over than an array a column."""
    return {
        "today": clock.business_date(clock.now()),
        "lines": [
            {"position": position, **{name: _plain(getattr(line, name)) for name in LINE_COLUMNS}}
            for position, line in enumerate(lines)
        ],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _ensure_all_posted(lines: Sequence[Line], written: int) -> None:
    """What was not written must be there already, to the fen; raises BookNotOpen or ValueError otherwise."""
    if written == len(lines):
        return
    keys = tuple_(Posting.kind, Posting.fact).in_([(line.kind.value, line.fact) for line in lines])
    posted = {
        (kind, fact): rest
        for kind, fact, *rest in db.session.execute(
            select(Posting.kind, Posting.fact, Posting.mall_id, Posting.merchant_id, Posting.amount_fen).where(keys)
        )
    }
    missing = [line for line in lines if (line.kind.value, line.fact) not in posted]
    if missing:
        raise BookNotOpen(books=sorted({(line.mall_id, line.merchant_id) for line in missing}))
    for line in lines:
        if posted[line.kind.value, line.fact] != [line.mall_id, line.merchant_id, line.amount_fen]:
            raise ValueError(f"{line.kind.value} of {line.fact} is posted with another content")


def insert_for_each(origin: FromClause, *, number: int, prefix: str) -> Insert:
    """What `post` writes of so many lines of one act in one store, as a part of a larger statement, if there is a row
    of `origin`; values: `parameters_of_act`. One book is read by its key and no JSON, which costs the database less.
    """

    def bound(name: str, at: str = "") -> BindParameter[Any]:
        return bindparam(f"{prefix}{name}{at}", type_=_TYPES[name])

    own = values(column("position", BigInteger), *(column(name, _TYPES[name]) for name in _OWN), name="line")
    line = own.data([(literal(at), *(bound(name, f"_{at}") for name in _OWN)) for at in range(number)])
    book = (
        select(Book.first_open_day)
        .where(
            Book.mall_id == bound("mall_id"),
            Book.merchant_id == bound("merchant_id"),
            Book.first_open_day <= bindparam(f"{prefix}today", type_=Date),
            exists(select(literal(1)).select_from(origin)),
        )
        .with_for_update(read=True, of=Book)
        .cte("book")
    )
    shared = [bound(name) for name in _SHARED]
    accounting_day = func.greatest(bound("business_day"), book.c.first_open_day)
    rows = select(*shared, *(line.c[name] for name in _OWN), accounting_day).join_from(book, line, true())
    written = insert(_POSTINGS).from_select([*_SHARED, *_OWN, "accounting_day"], rows.order_by(line.c.position))
    return written.on_conflict_do_nothing(index_elements=["kind", "fact"]).returning(_POSTINGS.c.id)


def parameters_of_act(lines: Sequence[Line], *, prefix: str) -> dict[str, Any]:
    """The values of `insert_for_each` for the lines of one act in one store."""
    shared = {f"{prefix}{name}": getattr(lines[0], name) for name in _SHARED}
    own = {f"{prefix}{name}_{at}": getattr(line, name) for at, line in enumerate(lines) for name in _OWN}
    return {f"{prefix}today": clock.business_date(clock.now()), **shared, **own}


def _given_lines() -> CTE:
    columns = [column(name, kind) for name, kind in {"position": BigInteger(), **_TYPES}.items()]
    given = func.jsonb_to_recordset(bindparam("lines", type_=JSONB))
    return select(given.table_valued(*columns, name="given").render_derived(with_types=True)).cte("line")


def _build_insert(*, marks_late: bool = False) -> Insert:
    line = _given_lines()
    wanted = tuple_(Book.mall_id, Book.merchant_id).in_(select(line.c.mall_id, line.c.merchant_id))
    # LockRows sits above the sort, so several books are locked in ascending order.
    book = (
        select(Book.mall_id, Book.merchant_id, Book.first_open_day)
        .where(wanted, Book.first_open_day <= bindparam("today", type_=Date))
        .order_by(Book.mall_id, Book.merchant_id)
        .with_for_update(read=True, of=Book)
        .cte("book")
    )
    accounting_day = func.greatest(line.c.business_day, book.c.first_open_day)
    theirs = (book.c.mall_id == line.c.mall_id) & (book.c.merchant_id == line.c.merchant_id)
    rows = select(*(line.c[name] for name in LINE_COLUMNS), accounting_day).join_from(line, book, theirs)
    # Statements list postings by number, so the numbers follow the order of the lines and not the planner's.
    rows = rows.order_by(line.c.position)
    written = insert(_POSTINGS).from_select([*LINE_COLUMNS, "accounting_day"], rows)
    if marks_late:
        days = select(literal(POSTED.name), line.c.mall_id, accounting_day).join_from(line, book, theirs).distinct()
        late = days.where(accounting_day < bindparam("first_open", type_=Date))
        marked = insert(table_of(DayMark)).from_select(["series", "mall_id", "day"], late)
        written = written.add_cte(marked.returning(DayMark.id).cte("marked"))
    return written.on_conflict_do_nothing(index_elements=["kind", "fact"]).returning(_POSTINGS.c.id)


# The insert of any number of lines, with the books read under a shared lock; returns the new postings' ids.
INSERT, _INSERT_LATE = Prepared(_build_insert()), Prepared(_build_insert(marks_late=True))
