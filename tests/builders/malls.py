"""Malls, merchants and stores."""

import itertools
from datetime import date

from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall, Merchant, Store
from app.points.earning import rule_sets
from app.points.earning.extras import Extra
from app.points.earning.rules import Rules

_numbers = itertools.count(1)


def make_mall(**facts: object) -> Mall:
    """A mall."""
    number = next(_numbers)
    mall = Mall(
        **{
            "code": f"MALL{number}",
            "name": f"商场{number}",
            "city": "上海",
            "accent": "#0f766e",
            "created_at": clock.now(),
        }
        | facts
    )
    db.session.add(mall)
    db.session.flush()
    return mall


def make_merchant(**facts: object) -> Merchant:
    """A merchant."""
    number = next(_numbers)
    merchant = Merchant(**{"code": f"MERCHANT{number}", "name": f"商户{number}", "created_at": clock.now()} | facts)
    db.session.add(merchant)
    db.session.flush()
    return merchant


def make_store(mall: Mall | None = None, merchant: Merchant | None = None, **facts: object) -> Store:
    """A store, with a mall and a merchant of its own unless they are given."""
    number = next(_numbers)
    mall, merchant = mall or make_mall(), merchant or make_merchant()
    store = Store(
        **{
            "mall_id": mall.id,
            "merchant_id": merchant.id,
            "code": f"STORE{number}",
            "name": f"门店{number}",
            "floor": "2F",
            "category_code": "dining",
            "active": True,
            "created_at": clock.now(),
        }
        | facts
    )
    db.session.add(store)
    db.session.flush()
    return store


def make_rates(mall: Mall, rates_bps: dict[Store, int], *extras: Extra) -> None:
    """The rules of earning that the mall begins with: what a yuan gives in each of these stores (10000: one point)."""
    rules = Rules(store_rates_bps={store.code: rate for store, rate in rates_bps.items()}, extras=extras)
    rule_sets.open_with(mall.id, rules, effective_from=date(2000, 1, 1), by="周宁", now=clock.now())
