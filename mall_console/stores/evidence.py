"""Stores as cases point at them."""

from collections.abc import Collection

from app.malls import queries as malls
from mall_console.kit.desk import Desk
from mall_console.kit.evidence import Shown


def _stores(desk: Desk, ids: Collection[str]) -> dict[str, Shown]:
    return {which: _store(desk, int(which)) for which in ids}


def _store(desk: Desk, store_id: int) -> Shown:
    store = malls.get_store(store_id)
    return Shown(f"{store.floor} · {store.name}", f"/stores/{store.code}" if desk.can("store.view") else None)


EVIDENCE = {"store": _stores}
