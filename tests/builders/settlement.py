"""Contracts, places to post in, and postings for tests."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls import store_refs
from app.malls.models import Mall, Merchant, Store
from app.malls.store_refs import StoreRef
from app.settlement import agreements
from app.settlement.ledger import lines, postings
from app.settlement.ledger.models import Book
from tests.builders import malls

JANUARY = date(2026, 1, 1)
FEBRUARY = date(2026, 2, 1)
MARCH = date(2026, 3, 1)

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Contract:
    """A merchant with a store and terms in a mall."""

    mall: Mall
    merchant: Merchant
    store: Store
    store_ref: StoreRef


def make_contract(mall: Mall | None = None, *, since: date = JANUARY, **terms: int) -> Contract:
    """A merchant whose book opens on `since`: 5 % commission, 0.50 yuan issued and 1 yuan spent per 100 points."""
    mall = mall or malls.make_mall()
    merchant = malls.make_merchant()
    store = malls.make_store(mall, merchant)
    usual = {"commission_bps": 500, "issue_price_fen": 50, "redeem_price_fen": 100}
    agreements.add_terms(mall.id, merchant.id, effective_from=since, **usual | terms)
    return Contract(mall, merchant, store, store_refs.of(store))


def make_brand(contract: Contract) -> Store:
    """A store of another merchant in the contract's mall, whose own terms price a hundred points at 200 fen."""
    store = malls.make_store(contract.mall)
    terms = {"commission_bps": 500, "issue_price_fen": 200, "redeem_price_fen": 90}
    agreements.add_terms(contract.mall.id, store.merchant_id, effective_from=date(2025, 1, 1), **terms)
    return store


def find_open_day(contract: Contract) -> date | None:
    """The first open day of the merchant's book; None when there is no book."""
    return db.session.scalar(
        select(Book.first_open_day).where(Book.mall_id == contract.mall.id, Book.merchant_id == contract.merchant.id)
    )


def at_noon(day: date) -> datetime:
    """Noon of the mall's day."""
    return datetime.combine(day, time(12), clock.MALL_ZONE)


def new_fact(kind: str, *scope: str) -> Fact:
    """A fact nobody has posted yet, such as `redemption:7`."""
    return Fact(kind, *scope, next(_numbers))


def post_redemption(contract: Contract, day: date, *, fact: Fact | None = None, mall_fen: int = 700) -> Fact:
    """Posts a redemption of 10 yuan, 70 % of it the mall's unless `mall_fen` says otherwise; returns its fact."""
    fact = fact or new_fact("redemption")
    lines.post(
        postings.redemption_lines(
            contract.store_ref,
            fact=fact,
            mall_fen=mall_fen,
            merchant_fen=1_000 - mall_fen,
            mall_share_bps=mall_fen * 10,
            merchant_share_bps=10_000 - mall_fen * 10,
            occurred_at=at_noon(day),
        )
    )
    return fact


def post_purchase(
    contract: Contract, day: date, *, amount_fen: int = 10_000, points: int = 100, fact: Fact | None = None
) -> Fact:
    """Posts a purchase; returns its fact."""
    fact = fact or new_fact("purchase", "pos")
    postings.post_purchase(
        contract.store_ref, fact=fact, amount_fen=amount_fen, points=points, occurred_at=at_noon(day)
    )
    return fact
