"""Members' receipts, and the inbox of receipts that nobody has claimed: the lists, and one receipt with its refunds."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.identity import queries as members
from app.malls import queries as malls
from app.malls.wording import CATEGORIES
from app.points.ledger import entry_queries
from app.purchases import day_only, facts, queries, receipt_queries, tellings
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.wording import DISMISSALS, METHODS
from app.settlement.ledger import queries as ledger
from app.settlement.statements.wording import KIND_LABELS
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases import listings

blueprint = Blueprint("purchases", __name__, url_prefix="/purchases", template_folder="templates")

PERMISSION = "purchase.view"


@blueprint.get("")
@mall_required(PERMISSION)
def page(workspace: Workspace) -> ResponseReturnValue:
    """Purchases and refunds of the mall, the latest first."""
    return views.page(listings.PURCHASES, workspace, "purchases")


@blueprint.get("/<int:member_id>-<int:purchase_id>")
@mall_required(PERMISSION)
def purchase_page(workspace: Workspace, member_id: int, purchase_id: int) -> ResponseReturnValue:
    """One receipt: its lines, what it was taken back by, the points and the postings that came of it."""
    visible = workspace.condition(PERMISSION, Purchase.mall_id)
    receipt, store, member = receipt_queries.get_purchase(member_id, purchase_id, visible=visible)
    fact = facts.receipt(receipt.source, receipt.receipt_no)
    original = queries.get_purchase(member_id, receipt.refund_of_id) if receipt.refund_of_id else None
    return render_template(
        "console/purchase.html",
        receipt=receipt,
        store=store,
        member=member,
        merchant=malls.get_merchant(receipt.merchant_id),
        original=original,
        refunds=receipt_queries.list_refunds(member_id, purchase_id),
        lines=receipt_queries.list_lines(member_id, purchase_id),
        categories=CATEGORIES,
        payments=receipt_queries.list_payments(member_id, purchase_id),
        methods=METHODS,
        tellings=tellings.list_tellings([(receipt.source, receipt.receipt_no)]),
        is_day_only=day_only.is_day_only(receipt.source, receipt.occurred_at),
        points=entry_queries.sum_by_fact([member_id], [fact]).get(fact, 0),
        postings=ledger.list_postings_of_fact(fact) if workspace.can("posting.view") else (),
        kinds=KIND_LABELS,
    )


@blueprint.get("/inbox")
@mall_required(PERMISSION)
def inbox_page(workspace: Workspace) -> ResponseReturnValue:
    """Receipts that tills sent without a member we know."""
    return views.page(listings.INBOX, workspace, "inbox")


@blueprint.get("/inbox/<int:inbox_id>")
@mall_required(PERMISSION)
def unclaimed_page(workspace: Workspace, inbox_id: int) -> ResponseReturnValue:
    """One receipt of nobody we know, with its refunds."""
    visible = workspace.condition(PERMISSION, InboxReceipt.mall_id)
    receipt, store = receipt_queries.get_unclaimed(inbox_id, visible=visible)
    return render_template(
        "console/unclaimed.html",
        receipt=receipt,
        store=store,
        merchant=malls.get_merchant(receipt.merchant_id),
        original=queries.find_unclaimed(receipt.refund_source or "", receipt.refund_of) if receipt.refund_of else None,
        refunds=queries.list_inbox_refunds(receipt.source, receipt.receipt_no),
        dismissals=DISMISSALS,
        meant_for=None if receipt.meant_for_id is None else members.get_member(receipt.meant_for_id),
    )
