"""Keeping what tills say of a day, and comparing it with the receipts that came."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import SETTLED_ITSELF
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import tellings
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.totals import rules
from app.purchases.totals.models import WHOLE_STORE, TillTotal
from app.purchases.totals.rules import Came, Group
from app.purchases.waiting.models import WaitingReceipt

TOTALS_DIFFER = CaseKind(
    code="till_totals_differ",
    role=Role.FINANCE,
    within=timedelta(days=3),
    outcomes={"sent_again": None, "till_wrong": None, "explained": None},
)
# What differs is compared anew, and asked about, for so long: receipts come late.
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A till's word of a day; `receipts` are number and sum of each, None if it told the sums only."""

    source: str
    till: str
    receipt_count: int
    amount_fen: int
    receipts: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What tills of a source in a store said of a day and what came, receipt by receipt where they told them.

    `missing` were told and did not come, `unknown` came and were not told: number and sum. `groups` are what was
    compared, part by part.
    """

    told: Sequence[TillTotal]
    came: Mapping[str, Came]
    groups: Sequence[Group]
    missing: Sequence[tuple[str, int]]
    unknown: Sequence[tuple[str, int]]

    @property
    def differs(self) -> bool:
        """Whether count or sum of any part are not the same."""
        return any(one.differs for one in self.groups)

    @property
    def sums(self) -> Sequence[tuple[str, int]]:
        """What came: number and sum."""
        return sorted((number, one.amount_fen) for number, one in self.came.items())

    @property
    def of_store(self) -> Group:
        """The parts as one; what was told of the whole store stands for all tills."""
        parts = [one for one in self.groups if one.till == WHOLE_STORE] or self.groups
        told_count, told_fen = sum(one.told_count for one in parts), sum(one.told_fen for one in parts)
        return Group(None, told_count, told_fen, len(self.came), sum(one.amount_fen for one in self.came.values()))

    @property
    def differing_tills(self) -> Sequence[str]:
        """The tills that do not fit, where each was compared by itself."""
        return [one.till for one in self.groups if one.differs and one.till not in (None, WHOLE_STORE)]


def keep(store: Store, day: date, told: Told, *, now: datetime) -> None:
    """Keep a till's word of a day; a newer one stands for the one before."""
    keep_all([(store, day, told)], now=now)


def keep_all(words: Sequence[tuple[Store, date, Told]], *, now: datetime) -> None:
    """The same for many tills and days, each of them once."""
    if not words:
        return
    rows = [
        {
            "source": told.source,
            "store_id": store.id,
            "business_day": day,
            "till": told.till,
            "mall_id": store.mall_id,
            "receipt_count": told.receipt_count,
            "amount_fen": told.amount_fen,
            "receipts": None if told.receipts is None else [list(one) for one in told.receipts],
            "told_at": now,
            "differs": None,
            "came_count": None,
            "came_fen": None,
            "apart_fen": 0,
        }
        for store, day, told in words
    ]
    statement = insert(TillTotal).values(rows)
    newer = {name: statement.excluded[name] for name in rows[0] if name not in _KEY}
    db.session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=newer))


_KEY = ("source", "store_id", "business_day", "till")
Key = tuple[str, int, date, str]


def find_sums(keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
    """Count and sum of those tills and days of which there is a word."""
    columns = [getattr(TillTotal, name) for name in _KEY]
    rows = db.session.execute(
        select(*columns, TillTotal.receipt_count, TillTotal.amount_fen).where(tuple_(*columns).in_(sorted(keys)))
    )
    return {(source, store_id, day, till): (count, fen) for source, store_id, day, till, count, fen in rows.tuples()}


def compare_days(*, now: datetime, limit: int) -> int:
    """Compare days that are over, those first that never were, then the latest; returns how many differ.

    Every day is compared once, one that differs again while it is recent: then it becomes a case, which settles itself
    when late receipts or a new word make it good.
    """
    today = clock.business_date(now)
    is_recent = TillTotal.business_day >= today - LOOK_BACK
    is_new = func.bool_or(TillTotal.differs.is_(None))
    rows = db.session.execute(
        select(TillTotal.source, TillTotal.store_id, TillTotal.business_day)
        .where(
            TillTotal.differs.is_not(False),
            TillTotal.business_day < today,
            or_(TillTotal.differs.is_(None), is_recent),
        )
        .group_by(TillTotal.source, TillTotal.store_id, TillTotal.business_day)
        .order_by(is_new.desc(), TillTotal.business_day.desc(), TillTotal.store_id, TillTotal.source)
        .limit(limit)
    ).tuples()
    return sum(_note(source, malls.get_store(store_id), day, now=now) for source, store_id, day in rows.all())


def compare(source: str, store: Store, day: date) -> Compared:
    """What was told and what came, as it stands now."""
    told = db.session.scalars(
        select(TillTotal)
        .where(TillTotal.source == source, TillTotal.store_id == store.id, TillTotal.business_day == day)
        .order_by(TillTotal.till)
    ).all()
    came = _list_came(source, store, day)
    groups = rules.group(told, came)
    words = [one for one in told if one.till != WHOLE_STORE] or told
    if any(one.receipts is None for one in words):
        return Compared(told, came, groups, (), ())
    said = {number: fen for one in words for number, fen in one.receipts or ()}
    sums = {number: one.amount_fen for number, one in came.items()}
    missing = [(number, fen) for number, fen in said.items() if sums.get(number) != fen]
    unknown = [(number, fen) for number, fen in sums.items() if said.get(number) != fen]
    return Compared(told, came, groups, sorted(missing), sorted(unknown))


def subject_of(source: str, store: Store, day: date) -> str:
    """What a case about a difference is about."""
    return f"till_totals:{store.id}:{day}:{source}"


def _note(source: str, store: Store, day: date, *, now: datetime) -> bool:
    found = compare(source, store, day)
    _write(found)
    if not found.differs:
        cases.settle_itself(TOTALS_DIFFER, subject_of(source, store, day), now=now)
    elif day >= clock.business_date(now) - LOOK_BACK:
        _ask(source, store, day, found, now=now)
    return found.differs


def _ask(source: str, store: Store, day: date, found: Compared, *, now: datetime) -> None:
    """A question about a difference, once: what somebody has answered is asked anew only when its figures change."""
    subject, sums, apart = subject_of(source, store, day), found.of_store, found.differing_tills
    figures = {
        "told": sums.told_count,
        "told_fen": sums.told_fen,
        "came": sums.came_count,
        "came_fen": sums.came_fen,
        **({"tills": "/".join(apart)} if apart else {}),
    }
    facts = {"store": store.name, "source": source, "day": day.isoformat(), **figures}
    reason = "tills_differ" if apart else "differs"
    if cases.restate(TOTALS_DIFFER, subject, reason=reason, facts=facts):
        return
    last = case_queries.find_last(TOTALS_DIFFER.code, subject)
    if last is not None and last.outcome != SETTLED_ITSELF and figures.items() <= last.facts.items():
        return
    evidence = [subject, f"store:{store.id}"]
    cases.raise_case(
        TOTALS_DIFFER, subject, mall_id=store.mall_id, reason=reason, facts=facts, evidence=evidence, now=now
    )


def _write(found: Compared) -> None:
    """Beside each word what the comparison found of its part of the day."""
    tills, parts = rules.list_differing(found.told, found.groups), {one.till: one for one in found.groups}
    for word in found.told:
        own = parts.get(word.till)
        part = own or parts[None]
        word.differs, word.apart_fen = word.till in tills, abs(part.came_fen - part.told_fen)
        word.came_count, word.came_fen = (own.came_count, own.came_fen) if own else (None, None)
    db.session.flush()


def list_totals(*wanted: ColumnElement[bool], order: Order, asked: Asked = FIRST) -> Page[tuple[TillTotal, Store]]:
    """A page of what tills said of their days, with their stores."""
    query = select(TillTotal, Store).join(Store, Store.id == TillTotal.store_id)
    return keyset.rows(query.where(*wanted), order, asked)


def _list_came(source: str, store: Store, day: date) -> dict[str, Came]:
    """The source's receipts of the day by number: members', nobody's, waiting, and told again."""
    since, until = clock.start_of_day(day), clock.start_of_day(day + timedelta(days=1))
    queries = [
        select(model.source, model.receipt_no, model.amount_fen).where(
            model.store_id == store.id, model.occurred_at >= since, model.occurred_at < until
        )
        for model in (Purchase, InboxReceipt, WaitingReceipt)
    ]
    rows = db.session.execute(union_all(*queries)).all()
    came = {row.receipt_no: row.amount_fen for row in rows if row.source == source}
    others = {(row.source, row.receipt_no): row.amount_fen for row in rows if row.source != source}
    for number in tellings.list_tellings(others) if others else ():
        if number.source == source:
            came[number.receipt_no] = others[number.same_source or "", number.same_receipt_no or ""]
    tills = tellings.find_tills(source, came)
    return {number: Came(fen, tills.get(number)) for number, fen in came.items()}


def count_differing(mall_id: int, *, first: date, last: date) -> int:
    """How many days of stores in the span do not fit the tills' totals."""
    days = (
        select(TillTotal.source, TillTotal.store_id, TillTotal.business_day)
        .where(TillTotal.mall_id == mall_id, TillTotal.business_day.between(first, last), TillTotal.differs.is_(True))
        .distinct()
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(days)) or 0
