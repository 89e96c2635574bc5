"""Stores of a mall with their merchants and contract terms.

A file of a mall names the mall's own merchants. One of another mall gets stores, terms and a book here only where the
group names it by its code: whoever reads a common name in a file has no right to what another mall keeps under it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from app.flows.consequences.effects import Effects
from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.kernel.db import db
from app.malls import directory_queries, queries
from app.malls.errors import MerchantOfOthers, StoreConflict
from app.malls.models import Merchant, Store
from app.settlement import agreements
from app.settlement.contracts import contracts


class Naming(StrEnum):
    """Whose merchants a file may name by their codes."""

    MALL = "mall"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A store; the merchant is named by its code or its name."""

    store_code: str
    name: str
    merchant: str
    category: str
    floor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for merchants that have no terms in the mall yet; prices in fen per 100 points."""

    effective_from: date
    commission_bps: int
    issue_price_fen: int
    redeem_price_fen: int


def load(
    batch: Sequence[Incoming],
    *,
    mall_id: int,
    terms: Terms,
    effects: Effects,
    now: datetime,
    naming: Naming = Naming.MALL,
) -> list[Outcome]:
    """Make the stores and the merchants that are missing; one outcome each, in order.

    With effects a merchant without terms in the mall gets the given ones, and so a book. A store that is here with
    other facts is refused (StoreConflict): stores are changed in the console, not by a file. So is the code of another
    mall's merchant (MerchantOfOthers), but for the group.
    """

    def open_one(item: Incoming) -> Outcome:
        merchant = _merchant(item.merchant, mall_id, naming, now=now)
        return _open(item, merchant, mall_id, terms, effects, now=now)

    return [outcomes.one_by_one(partial(open_one, item)) for item in batch]


def _open(
    item: Incoming, merchant: Merchant, mall_id: int, terms: Terms, effects: Effects, *, now: datetime
) -> Outcome:
    if effects is not Effects.NONE and not contracts.list_terms(mall_id, merchant.id):
        agreements.add_terms(
            mall_id,
            merchant.id,
            effective_from=terms.effective_from,
            commission_bps=terms.commission_bps,
            issue_price_fen=terms.issue_price_fen,
            redeem_price_fen=terms.redeem_price_fen,
        )
    existing = queries.find_store_by_code(item.store_code)
    if existing is not None:
        return _same(existing, item, mall_id, merchant)
    db.session.add(
        Store(
            mall_id=mall_id,
            merchant_id=merchant.id,
            code=item.store_code,
            name=item.name,
            floor=item.floor,
            category_code=item.category,
            active=True,
            created_at=now,
        )
    )
    db.session.flush()
    return outcomes.NEW


def _same(store: Store, item: Incoming, mall_id: int, merchant: Merchant) -> Outcome:
    here = (store.mall_id, store.merchant_id, store.name, store.category_code, store.floor)
    if here != (mall_id, merchant.id, item.name, item.category, item.floor):
        raise StoreConflict(store_code=item.store_code)
    return outcomes.KNOWN


def _merchant(word: str, mall_id: int, naming: Naming, *, now: datetime) -> Merchant:
    """The merchant with that code or name, made under a code drawn from its name; raises MerchantOfOthers."""
    own = directory_queries.find_merchant_named(mall_id, word)
    if own is not None:
        return own
    others = queries.find_merchant_by_code(word)
    if others is None:
        return _add_merchant(word, mall_id, now=now)
    if naming is Naming.MALL:
        raise MerchantOfOthers(merchant_code=word)
    return others


def _add_merchant(name: str, mall_id: int, *, now: datetime) -> Merchant:
    """Its code is of its name alone, but for one whose name another mall has brought."""
    code = _code_of(name)
    if queries.find_merchant_by_code(code) is not None:
        code = _code_of(f"{mall_id}:{name}")
    merchant = Merchant(code=code, name=name, added_in_mall_id=mall_id, created_at=now)
    db.session.add(merchant)
    db.session.flush()
    return merchant


def _code_of(text: str) -> str:
    return f"M-{hashlib.sha256(text.encode()).hexdigest()[:8].upper()}"
