"""A day of a store as its tills told it, beside the receipts that came."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.cases.models import Case
from app.kernel.errors import NotFound
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases.totals import totals
from app.purchases.totals.totals import Compared
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases.totals_list import TILL_TOTALS

blueprint = Blueprint("till_totals", __name__, url_prefix="/purchases/totals", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Day:
    """A source's day of a store, compared as it stands now."""

    store: Store
    source: str
    day: date
    found: Compared


@blueprint.get("")
@mall_required("purchase.view")
def list_page(workspace: Workspace) -> ResponseReturnValue:
    """What tills said of their days, those first that differ most."""
    return views.page(TILL_TOTALS, workspace, "till_totals_list")


@blueprint.get("/<store_code>/<day>/<source>")
@mall_required("purchase.view")
def page(workspace: Workspace, store_code: str, day: str, source: str) -> ResponseReturnValue:
    """What was told, what came, and which receipts make the difference."""
    store = malls.find_store_by_code(store_code)
    if store is None or store.mall_id != workspace.mall.id:
        raise NotFound(store=store_code)
    return render_template("console/till_totals.html", panel=_compared(store, day, source))


def of_case(workspace: Workspace, case: Case) -> Day:
    """What a case about a difference is about."""
    store_id, day, source = case.subject.split(":", 3)[1:]
    return _compared(malls.get_store(int(store_id)), day, source)


def _compared(store: Store, day: str, source: str) -> Day:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(day=day) from None
    found = totals.compare(source, store, on)
    if not found.told:
        raise NotFound(day=day)
    return Day(store, source, on, found)
