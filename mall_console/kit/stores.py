"""Stores of the mall in hand: as a select's options, and as what was chosen among them."""

from collections.abc import Collection
from typing import Any

from flask import g, has_request_context

from app.malls import queries as malls
from app.malls.models import Store
from app.web.forms.forms import Field
from mall_console.kit.workspace import Workspace


def options(workspace: Workspace) -> list[tuple[str, str]]:
    """The mall's stores as a select's options; read once in a request."""
    if not has_request_context():
        return _read_options(workspace)
    found: list[tuple[str, str]] | None = g.get("store_options")
    if found is None:
        found = g.store_options = _read_options(workspace)
    return found


def _read_options(workspace: Workspace) -> list[tuple[str, str]]:
    return [(store.code, f"{store.floor} · {store.name}") for store in malls.list_stores(mall_id=workspace.mall.id)]


def find(workspace: Workspace, code: str) -> Store | None:
    """The store of this mall that bears the code; None for another mall's, too."""
    store = malls.find_store_by_code(code)
    return store if store is not None and store.mall_id == workspace.mall.id else None


def get_chosen(workspace: Workspace, field: Field[Any], code: str) -> Store:
    """The store that a form's field chose; raises FieldInvalid when it is none of this mall's."""
    store = find(workspace, code)
    if store is None:
        raise field.refuse("请选择本商场的门店")
    return store


def find_chosen(workspace: Workspace, field: Field[Any], code: str | None) -> Store | None:
    """As `get_chosen`; None when nothing was chosen."""
    return get_chosen(workspace, field, code) if code else None


def list_chosen(workspace: Workspace, field: Field[list[str]], codes: Collection[str]) -> list[Store]:
    """The stores that were ticked, others than this mall's left out; raises FieldInvalid when none is left."""
    chosen = [store for store in malls.list_stores(mall_id=workspace.mall.id) if store.code in codes]
    if not chosen:
        raise field.refuse("请至少选择一家门店")
    return chosen


def id_of(code: str) -> int:
    """The id of the store with the code; 0 when there is none."""
    store = malls.find_store_by_code(code)
    return store.id if store else 0
