"""What lists are narrowed by, from the address's query: a day, a store of the mall."""

from typing import Any

from flask import request
from sqlalchemy import ColumnElement

from app.kernel import clock
from app.malls import queries as malls
from app.malls.models import Store
from mall_console.kit import forms
from mall_console.kit.desk import Desk


def of_day(moment: Any, name: str = "day") -> list[ColumnElement[bool]]:
    """The condition that a column of moments lies on the asked day; none when no day is asked for."""
    day = forms.find_day(name)
    return [] if day is None else [moment >= clock.start_of_day(day), moment < clock.end_of_day(day)]


def of_store(desk: Desk, store_id: Any) -> list[ColumnElement[bool]]:
    """The condition that a column of stores is the asked store of this mall; none when no store is asked for."""
    code = request.args.get("store", "")
    if not code:
        return []
    store = malls.find_store_by_code(code)
    return [store_id == (store.id if store and store.mall_id == desk.mall.id else 0)]


def store_options(desk: Desk) -> list[tuple[str, str]]:
    """The mall's stores as a select's options."""
    return [(store.code, f"{store.floor} · {store.name}") for store in _stores(desk)]


def _stores(desk: Desk) -> list[Store]:
    return list(malls.list_stores(mall_id=desk.mall.id))
