"""Receipts that wait: the list, and one of them with what it may be the same as."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.identity import queries as members
from app.malls import queries as malls
from app.purchases import receipt_queries
from app.purchases.waiting.models import WaitingReceipt, Why
from app.purchases.wording import WAITS_FOR
from app.web import errors
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases import likeness
from mall_console.purchases.waiting_list import TONES, WAITING

blueprint = Blueprint("waiting_receipts", __name__, url_prefix="/purchases/waiting", template_folder="templates")


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What could not be recorded yet, the latest first."""
    return views.page(WAITING, workspace, "waiting_receipts")


@blueprint.get("/<int:waiting_id>")
@mall_required("purchase.view")
def receipt_page(workspace: Workspace, waiting_id: int) -> ResponseReturnValue:
    """One receipt that waits, and what it waits for."""
    visible = workspace.condition("purchase.view", WaitingReceipt.mall_id)
    receipt = receipt_queries.get_waiting(waiting_id, visible=visible)
    return render_template(
        "console/waiting_receipt.html",
        receipt=receipt,
        store=malls.get_store(receipt.store_id) if receipt.store_id else None,
        member=members.get_member(receipt.member_id) if receipt.member_id else None,
        obstacle=errors.message_of(receipt.obstacle, {}) if receipt.obstacle else None,
        likeness=likeness.of(workspace, receipt) if receipt.why == Why.DECISION else None,
        tone=TONES[receipt.why],
        told=WAITS_FOR[receipt.why],
    )
