"""Coupons used in the mall."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from mall_console.benefits.redemption_list import REDEMPTIONS
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("redemptions", __name__, url_prefix="/redemptions", template_folder="templates")


@blueprint.get("")
@mall_required("redemption.list")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Redemptions in the mall's stores, taken back or not, the latest first."""
    return views.page(REDEMPTIONS, workspace, "redemptions")
