"""Members' receipts, and the inbox of receipts that nobody has claimed."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.purchases import receipt_queries
from app.purchases.models import InboxReceipt, Purchase
from mall_console.kit import filters, paging, stores
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("purchases", __name__, url_prefix="/purchases", template_folder="templates")


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Purchases and refunds of the mall, the latest first."""
    wanted = [
        workspace.condition("purchase.view", Purchase.mall_id),
        *filters.of_day(Purchase.occurred_at),
        *filters.of_store(workspace, Purchase.store_id),
    ]
    rows = receipt_queries.list_purchases(*wanted, asked=paging.asked())
    count, amount_fen = receipt_queries.sum_purchases(*wanted)
    options = stores.options(workspace)
    return paging.render_list("purchases", rows=rows, count=count, amount_fen=amount_fen, stores=options)


@blueprint.get("/inbox")
@mall_required("purchase.view")
def inbox_page(workspace: Workspace) -> ResponseReturnValue:
    """Receipts that tills sent without a member we know."""
    rows = receipt_queries.list_inbox(
        workspace.condition("purchase.view", InboxReceipt.mall_id),
        *filters.of_day(InboxReceipt.occurred_at),
        *filters.of_day(InboxReceipt.recorded_at, "received"),
        *filters.of_store(workspace, InboxReceipt.store_id),
        asked=paging.asked(),
    )
    return paging.render_list("inbox", rows=rows, stores=stores.options(workspace))
