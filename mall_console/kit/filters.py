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


def find_days(name: str) -> tuple[date | None, date | None]:
    """The first and the last day in the address's query: by `<name>_from` and `<name>_to`; `<name>` alone is both."""
    day = find_day(name)
    return (day, day) if day else (find_day(f"{name}_from"), find_day(f"{name}_to"))


def of_day(moment: Any, name: str = "day") -> list[ColumnElement[bool]]:
    """The condition that a column of moments lies on the asked days; none when no day is asked for."""
    first, last = find_days(name)
    since = [] if first is None else [moment >= clock.start_of_day(first)]
    return since if last is None else [*since, moment < clock.end_of_day(last)]


def of_store(workspace: Workspace, store_id: Any) -> list[ColumnElement[bool]]:
    """The condition that a column of stores is the asked store of this mall; none when no store is asked for."""
    code = request.args.get("store", "")
    if not code:
        return []
    store = stores.find(workspace, code)
    return [store_id == (store.id if store else 0)]
