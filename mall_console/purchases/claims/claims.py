"""Receipts that members claim: the list, approved and rejected from it."""

from collections.abc import Callable, Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.flows.claims import claiming
from app.identity.models import Member
from app.kernel import clock
from app.purchases import receipt_queries
from app.purchases.claims import claims
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.claims.wording import CLAIM_REASONS
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases.claims import joining
from mall_console.purchases.claims.claim_list import CLAIMS
from mall_console.purchases.queues import acts
from mall_console.purchases.queues.acts import ActForm, Kind, Row

blueprint = Blueprint("receipt_claims", __name__, url_prefix="/purchases/claims", template_folder="templates")


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Claims of the mall's receipts, the latest first."""
    return views.page(CLAIMS, workspace, "receipt_claims")


@blueprint.post("/<act>")
@mall_required(acts.PERMISSION)
def decide(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Approve or reject the ticked ones."""
    return acts.several(workspace, _KINDS, act)


def _find(workspace: Workspace, keys: Sequence[str]) -> list[Row]:
    found = [_get(workspace, key) for key in keys]
    members = receipt_queries.members_of({claim.member_id for claim, _ in found})
    return [
        Row(claim.public_id, claim.receipt_no, _told(claim, store, members.get(claim.member_id)), claim.amount_fen)
        for claim, store in found
    ]


def _told(claim: ReceiptClaim, store: str, member: Member | None) -> str:
    early = joining.warning(member, claim.business_day)
    return " · ".join(part for part in (store, claim.business_day.isoformat(), early) if part)


def _get(workspace: Workspace, public_id: str) -> tuple[ReceiptClaim, str]:
    visible = workspace.condition(acts.PERMISSION, ReceiptClaim.mall_id)
    claim, store = claims.get_by_public_id(public_id, visible=visible)
    return claim, store.name


def _find_checked(workspace: Workspace, keys: Sequence[str]) -> set[str]:
    """Those that wait for a second person."""
    found = [_get(workspace, key)[0] for key in keys]
    return {one.public_id for one in found if one.state == State.PENDING.value and one.checked_by_id is not None}


def _approve(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    def act(key: str) -> None:
        now, (claim, _) = clock.now(), _get(workspace, key)
        done = claiming.approve(claim.member_id, claim.id, workspace.who.actor, now=now)
        facts = {"receipt_no": claim.receipt_no, "amount_fen": claim.amount_fen}
        action = "claim.check" if done.state == State.PENDING.value else "claim.approve"
        workspace.record(action, f"member:{claim.member_id}", now=now, facts=facts)

    return act


def _reject(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    reason = form.reason or ""
    if reason not in CLAIM_REASONS:
        raise ActForm.reason.refuse("请选择一个原因")

    def act(key: str) -> None:
        now, (claim, _) = clock.now(), _get(workspace, key)
        claiming.reject(claim.member_id, claim.id, reason, workspace.who.actor, note=form.note, now=now)
        facts = {"receipt_no": claim.receipt_no, "reason": reason}
        workspace.record("claim.reject", f"member:{claim.member_id}", now=now, facts=facts)

    return act


_KINDS = {
    "approve": Kind(
        "通过",
        "请先向门店核实小票。通过后按消费当天的规则补发积分，达到复核金额的需另一位同事再通过一次；收银系统以后上传同一张小票，不会重复计算。",
        "已通过",
        "/purchases/claims",
        _find,
        _approve,
        half_done="已提交复核",
        find_half_done=_find_checked,
    ),
    "reject": Kind(
        "驳回",
        "会员会看到驳回原因，可以更正后重新补登。",
        "已驳回",
        "/purchases/claims",
        _find,
        _reject,
        asks="note",
        reasons=CLAIM_REASONS,
    ),
}
