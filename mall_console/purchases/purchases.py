"""Members' receipts, and the inbox of receipts that nobody has claimed."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases import listings

blueprint = Blueprint("purchases", __name__, url_prefix="/purchases", template_folder="templates")


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Purchases and refunds of the mall, the latest first."""
    return views.page(listings.PURCHASES, workspace, "purchases")


@blueprint.get("/inbox")
@mall_required("purchase.view")
def inbox_page(workspace: Workspace) -> ResponseReturnValue:
    """Receipts that tills sent without a member we know."""
    return views.page(listings.INBOX, workspace, "inbox")
