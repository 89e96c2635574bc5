"""Day totals of tills out of files: a day that is known is corrected by what the file says."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases.aliases import aliases
from app.purchases.errors import StoreUnknown
from app.purchases.totals import totals
from app.purchases.totals.totals import Key, Told


class Incoming(NamedTuple):
    """A till's word of a business day: how many receipts, and their sum in fen with refunds taken off."""

    source: str
    store_code: str
    till: str
    day: date
    receipt_count: int
    amount_fen: int

    @property
    def about(self) -> tuple[str, str, str, date]:
        """What it is about: a file says it once."""
        return self.source, self.store_code, self.till, self.day

    @property
    def sums(self) -> tuple[int, int]:
        """What it says."""
        return self.receipt_count, self.amount_fen


def load(batch: Sequence[Incoming], *, mall_id: int, now: datetime) -> list[Outcome]:
    """Keep the words; one outcome each, in order. What is known already stays as it was told, with its receipts."""
    stores = _find_stores(batch, mall_id)
    known = _find_known(batch, stores)
    newer = dict[Key, tuple[Store, date, Told]]()
    for one, store in zip(batch, stores, strict=True):
        if store is not None and known.get(_key(one, store)) != one.sums:
            told = Told(source=one.source, till=one.till, receipt_count=one.receipt_count, amount_fen=one.amount_fen)
            newer[_key(one, store)] = (store, one.day, told)
    totals.keep_all(list(newer.values()), now=now)
    return _outcomes(batch, stores, known)


def foresee(batch: Sequence[Incoming], *, mall_id: int) -> list[Outcome]:
    """What `load` would answer."""
    stores = _find_stores(batch, mall_id)
    return _outcomes(batch, stores, _find_known(batch, stores))


def _find_stores(batch: Sequence[Incoming], mall_id: int) -> list[Store | None]:
    """Each word's store in the mall, by its own code or by what the source calls it."""
    own = malls.find_stores_by_code({one.store_code for one in batch})
    called = {(one.source, one.store_code) for one in batch if one.store_code not in own}
    named = aliases.find_stores(mall_id, called) if called else {}
    found = [own.get(one.store_code) or named.get((one.source, one.store_code)) for one in batch]
    return [store if store is not None and store.mall_id == mall_id else None for store in found]


def _find_known(batch: Sequence[Incoming], stores: Sequence[Store | None]) -> dict[Key, tuple[int, int]]:
    keys = {_key(one, store) for one, store in zip(batch, stores, strict=True) if store is not None}
    return totals.find_sums(keys) if keys else {}


def _key(one: Incoming, store: Store) -> Key:
    return one.source, store.id, one.day, one.till


def _outcomes(
    batch: Sequence[Incoming], stores: Sequence[Store | None], known: dict[Key, tuple[int, int]]
) -> list[Outcome]:
    found = list[Outcome]()
    for one, store in zip(batch, stores, strict=True):
        if store is None:
            found.append(outcomes.refused(StoreUnknown(store_code=one.store_code)))
            continue
        before = known.get(_key(one, store))
        known[_key(one, store)] = one.sums
        if before is None:
            found.append(outcomes.NEW)
        else:
            found.append(outcomes.KNOWN if before == one.sums else outcomes.CORRECTED)
    return found
