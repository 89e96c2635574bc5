"""What lists are narrowed by, from the address's query: a day, a store of the mall."""

from datetime import date
from typing import Any

from flask import request
from sqlalchemy import ColumnElement

from app.kernel import clock
from app.web.forms import fields
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace


def find_day(name: str) -> date | None:
    """The day in the address's query; None when there is none, or no date."""
    return fields.find_day(request.args.get(name, ""))


def of_day(moment: Any, name: str = "day") -> list[ColumnElement[bool]]:
    """The condition that a column of moments lies on the asked day; none when no day is asked for."""
    day = find_day(name)
    return [] if day is None else [moment >= clock.start_of_day(day), moment < clock.end_of_day(day)]


def of_store(workspace: Workspace, store_id: Any) -> list[ColumnElement[bool]]:
    """The condition that a column of stores is the asked store of this mall; none when no store is asked for."""
    code = request.args.get("store", "")
    if not code:
        return []
    store = stores.find(workspace, code)
    return [store_id == (store.id if store else 0)]
