"""Coupons used in the mall."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.benefits.coupons import redemption_queries
from app.benefits.coupons.models import Redemption
from mall_console.kit import filters, paging, stores
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("redemptions", __name__, url_prefix="/redemptions", template_folder="templates")


@blueprint.get("")
@mall_required("redemption.list")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Redemptions in the mall's stores, taken back or not, the latest first."""
    wanted = [
        workspace.condition("redemption.list", Redemption.mall_id),
        *filters.of_day(Redemption.redeemed_at),
        *filters.of_store(workspace, Redemption.store_id),
    ]
    rows = redemption_queries.list_redemptions(*wanted, asked=paging.asked())
    totals = redemption_queries.count_redemptions(*wanted)
    return paging.render_list("redemptions", rows=rows, totals=totals, stores=stores.options(workspace))
