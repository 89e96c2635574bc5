"""Coupons used in the mall."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.benefits.coupons import redemption_queries
from app.benefits.coupons.models import Redemption
from app.malls.models import Store
from mall_console.kit import filters, paging, stores
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("redemptions", __name__, url_prefix="/redemptions", template_folder="templates")


@blueprint.get("")
@mall_required("redemption.list")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Redemptions in the mall's stores, taken back or not, the latest first."""
    wanted = [
        workspace.condition("redemption.list", Store.mall_id),
        *filters.of_day(Redemption.redeemed_at),
        *filters.of_store(workspace, Redemption.store_id),
    ]
    rows = redemption_queries.list_redemptions(*wanted, asked=paging.asked())
    count, discount_fen, mall_fen = redemption_queries.sum_redemptions(*wanted)
    return paging.render_list(
        "redemptions",
        rows=rows,
        count=count,
        discount_fen=discount_fen,
        mall_fen=mall_fen,
        stores=stores.options(workspace),
    )
