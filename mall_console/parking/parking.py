"""Car parks: cars in now, and all that came in."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.parking.car_parks.models import CarPark
from app.parking.sessions import list_queries
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.parking import listings

blueprint = Blueprint("parking", __name__, url_prefix="/parking", template_folder="templates")


@blueprint.get("")
@mall_required("parking.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Cars that are in now or, with days, all that came in on them."""
    inside = list_queries.count_open(workspace.condition("parking.view", CarPark.mall_id))
    return views.page(listings.STAYS, workspace, "parking", inside=inside)
