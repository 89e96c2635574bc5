"""Brands that pay for points on top of purchases, by agreement: who they are in a mall, and what is posted to them.

Rules name a brand by its merchant's code; they are not published before it has a store and a contract in the mall, so
that there always is a book for its points.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from app.kernel import clock
from app.kernel.facts import Fact
from app.malls import queries as malls
from app.malls import store_refs
from app.malls.store_refs import StoreRef
from app.points.earning.errors import EarningBrandUnsettled
from app.points.earning.extras import Payer
from app.points.earning.rules import Breakdown, Rules
from app.settlement.contracts import contracts
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import postings


class Settled(NamedTuple):
    """Where a brand is settled in a mall, and by which terms."""

    store: StoreRef
    terms: ContractTerms


# A brand of a mall by its code, on a day.
Find = Callable[[int, str, date], Settled]


def find(mall_id: int, code: str, day: date) -> Settled:
    """The brand's first store in the mall with the terms of the day. Raises EarningBrandUnsettled."""
    merchant = malls.find_merchant_by_code(code)
    own = [one for one in malls.list_stores(mall_id=mall_id) if merchant and one.merchant_id == merchant.id]
    terms = contracts.find_terms(mall_id, own[0].merchant_id, on=day) if own else None
    if terms is None:
        raise EarningBrandUnsettled(brand=code)
    return Settled(store_refs.of(min(own, key=lambda one: one.id)), terms)


def ensure_settled(mall_id: int, rules: Rules, *, now: datetime) -> None:
    """Raises EarningBrandUnsettled for rules that let a brand pay with whom nothing can be settled today."""
    for code in {extra.brand for extra in rules.extras if extra.brand}:
        find(mall_id, code, clock.business_date(now))


def lines(
    mall_id: int, earned: Breakdown, *, fact: Fact, day: date, occurred_at: datetime, find: Find = find
) -> list[postings.Line]:
    """What a purchase of a day that earned so posts to a brand: a line, or none."""
    points = earned.paid_by(Payer.BRAND)
    if not points:
        return []
    brand = find(mall_id, earned.brand, day)
    return [
        postings.brand_points_line(brand.store, fact=fact, points=points, occurred_at=occurred_at, terms=brand.terms)
    ]
