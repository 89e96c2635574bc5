"""Stores as cases point at them."""

from collections.abc import Collection

from app.malls import queries as malls
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace


def _stores(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    return {which: _store(workspace, int(which)) for which in ids}


def _store(workspace: Workspace, store_id: int) -> Shown:
    store = malls.get_store(store_id)
    return Shown(f"{store.floor} · {store.name}", f"/stores/{store.code}" if workspace.can("store.view") else None)


EVIDENCE = {"store": _stores}
