"""What an import of each kind reads and does: the same code as behind the commands, kept within one mall."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from app.access import staff_queries
from app.access.audit import Actor
from app.entrances.footfall import Count
from app.flows.history import footfall, members, receipts, stores, totals
from app.flows.history.files import parsing
from app.flows.history.files.parsing import Parsed, Read
from app.flows.history.files.reading import Columns, Table
from app.flows.history.files.rows import footfall_rows, purchase_rows, total_rows
from app.flows.history.foreseen_members import ForeseenMembers
from app.flows.history.foreseen_receipts import ForeseenReceipts
from app.flows.history.outcomes import Outcome
from app.flows.purchases import Effects
from app.imports.models import Kind
from app.imports.work import Work
from app.kernel.db import atomic
from app.workers.imports.loading import Load

# What a batch would come to; called for the batches of a file in their order, by one caller.
Foresee = Callable[[Sequence[Any]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of file is read and brought in. `load` and `foresee` are made for the import at hand."""

    columns: Columns
    most_rows: int
    read: Callable[..., Iterable[Parsed[Any]]]
    cells: Callable[..., Mapping[str, Read]]
    load: Callable[[Work, datetime], Load[Any]]
    foresee: Callable[[Work, datetime], Foresee]

    def reader(self, now: datetime) -> Callable[[Table], Iterable[Parsed[Any]]]:
        """Reads a table's rows as they stand at that moment."""
        return partial(self.read, now=now)


class _OnlyLooked(Exception):
    """Ends a transaction whose outcomes are wanted, but not what it wrote."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        self.outcomes = outcomes


def _effects(claimed: Work) -> Effects:
    return Effects(claimed.options.get("effects", Effects.NONE.value))


def _load_stores(claimed: Work, now: datetime) -> Load[stores.Incoming]:
    said = claimed.options.get("terms") or _NO_TERMS
    terms = stores.Terms(**{**said, "effective_from": date.fromisoformat(said["effective_from"])})

    def load(batch: Sequence[stores.Incoming], *, plainly: bool) -> list[Outcome]:
        return stores.load(batch, mall_id=claimed.mall_id, terms=terms, effects=_effects(claimed), now=now)

    return load


_NO_TERMS: dict[str, Any] = {
    "effective_from": "2000-01-01",
    "commission_bps": 0,
    "issue_price_fen": 0,
    "redeem_price_fen": 0,
}


def _foresee_stores(claimed: Work, now: datetime) -> Foresee:
    """Stores are few: they are brought in, all that came before with them, and nothing of it is kept."""
    load, before = _load_stores(claimed, now), list[stores.Incoming]()

    def foresee(batch: Sequence[stores.Incoming]) -> list[Outcome]:
        before.extend(batch)
        try:
            with atomic():
                raise _OnlyLooked(load(before, plainly=False))
        except _OnlyLooked as looked:
            return looked.outcomes[len(before) - len(batch) :]

    return foresee


def _in_a_transaction(foresee: Foresee) -> Foresee:
    def within(batch: Sequence[Any]) -> list[Outcome]:
        with atomic():
            return foresee(batch)

    return within


def _load_members(claimed: Work, now: datetime) -> Load[members.Incoming]:
    return partial(members.load, home_mall_id=claimed.mall_id, effects=_effects(claimed), now=now)


def _foresee_members(claimed: Work, now: datetime) -> Foresee:
    return _in_a_transaction(ForeseenMembers().foresee)


def _load_purchases(claimed: Work, now: datetime) -> Load[receipts.Incoming]:
    return partial(receipts.load, effects=_effects(claimed), mall_id=claimed.mall_id, now=now)


def _foresee_purchases(claimed: Work, now: datetime) -> Foresee:
    return _in_a_transaction(ForeseenReceipts(_effects(claimed), claimed.mall_id).foresee)


def _load_footfall(claimed: Work, now: datetime) -> Load[Count]:
    """Corrections stand in the audit log under the name of whoever brought the file."""
    with atomic():
        actor = Actor("staff", claimed.staff_id, staff_queries.get_staff(claimed.staff_id).name)

    def load(batch: Sequence[Count], *, plainly: bool) -> list[Outcome]:
        return footfall.load(batch, mall_id=claimed.mall_id, actor=actor, now=now)

    return load


def _foresee_footfall(claimed: Work, now: datetime) -> Foresee:
    return _in_a_transaction(partial(footfall.foresee, mall_id=claimed.mall_id))


def _load_totals(claimed: Work, now: datetime) -> Load[totals.Incoming]:
    def load(batch: Sequence[totals.Incoming], *, plainly: bool) -> list[Outcome]:
        return totals.load(batch, mall_id=claimed.mall_id, now=now)

    return load


def _foresee_totals(claimed: Work, now: datetime) -> Foresee:
    return _in_a_transaction(partial(totals.foresee, mall_id=claimed.mall_id))


WAYS = {
    Kind.STORES: Way(parsing.STORES, 5_000, parsing.read_stores, parsing.store_cells, _load_stores, _foresee_stores),
    Kind.MEMBERS: Way(
        parsing.MEMBERS, 200_000, parsing.read_members, parsing.member_cells, _load_members, _foresee_members
    ),
    Kind.PURCHASES: Way(
        parsing.PURCHASES,
        200_000,
        purchase_rows.read_purchases,
        purchase_rows.purchase_cells,
        _load_purchases,
        _foresee_purchases,
    ),
    Kind.FOOTFALL: Way(
        footfall_rows.FOOTFALL,
        200_000,
        footfall_rows.read_footfall,
        footfall_rows.footfall_cells,
        _load_footfall,
        _foresee_footfall,
    ),
    Kind.TOTALS: Way(
        total_rows.TOTALS, 200_000, total_rows.read_totals, total_rows.total_cells, _load_totals, _foresee_totals
    ),
}
