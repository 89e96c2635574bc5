"""The inbox of receipts as cases point at it: what came from a store on a day."""

from collections.abc import Collection
from urllib.parse import urlencode

from app.malls import queries as malls
from app.purchases.waiting import waiting
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace


def _inboxes(workspace: Workspace, found: Collection[str]) -> dict[str, Shown]:
    return {which: _inbox(workspace, *which.split(":")) for which in found}


def _inbox(workspace: Workspace, store_id: str, day: str) -> Shown:
    store = malls.get_store(int(store_id))
    query = urlencode({"store": store.code, "received": day})
    return Shown(f"{day} 收到的小票", f"/purchases/inbox?{query}" if workspace.can("purchase.view") else None)


def _waiting(workspace: Workspace, found: Collection[str]) -> dict[str, Shown]:
    return {which: _held(workspace, int(which)) for which in found}


def _held(workspace: Workspace, waiting_id: int) -> Shown:
    row = waiting.find(waiting_id)
    if row is None:
        return Shown("已登记")
    return Shown(row.receipt_no, f"/purchases/waiting/{row.id}" if workspace.can("purchase.view") else None)


EVIDENCE = {"receipt_inbox": _inboxes, "waiting_receipt": _waiting}
