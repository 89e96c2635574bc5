"""The store that a till speaks of."""

from app.access.machines.models import Machine
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases.errors import StoreUnknown


def of_till(till: Machine, code: str) -> Store:
    """The store, if it lies within the till's mall, merchant and store; raises StoreUnknown."""
    return ensure_of_till(till, mall_queries.find_store_by_code(code), code)


def ensure_of_till(till: Machine, store: Store | None, code: str) -> Store:
    """As `of_till`, for a store that was looked up by its code."""
    if store is None or store.mall_id != till.mall_id:
        raise StoreUnknown(store_code=code)
    if till.merchant_id not in (None, store.merchant_id) or till.store_id not in (None, store.id):
        raise StoreUnknown(store_code=code)
    return store
