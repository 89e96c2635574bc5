"""Which store: the three numbers that name where something happens and between whom it is settled."""

from dataclasses import dataclass

from app.malls.models import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRef:
    """A store, with the mall it is in and the merchant that runs it."""

    mall_id: int
    merchant_id: int
    store_id: int


def of(store: Store) -> StoreRef:
    """The reference of a store that was read."""
    return StoreRef(mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id)
