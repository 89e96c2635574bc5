"""Members who were merged into one: what went along, and the way back when they are two people after all."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.flows.members import merging
from app.flows.members.merging import Undone
from app.identity import merges, queries
from app.identity.models import Member, MemberMerge
from app.kernel import clock
from app.kernel.errors import NotFound
from app.lifecycle.stages.wording import STAGES
from app.web.pages import pages
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen
from mall_console.members.merging.merge_list import MERGES, WHYS

blueprint = Blueprint("member_merges", __name__, url_prefix="/members", template_folder="templates")

PERMISSION = "member.merge"


def list_of(member_id: int) -> Sequence[tuple[MemberMerge, Member]]:
    """Merges of joined members into this one, undone ones too, the latest first."""
    return merges.list_of(queries.list_person_ids(member_id))


@blueprint.get("/merges")
@mall_required("member.view")
def every(workspace: Workspace) -> ResponseReturnValue:
    """Merges of members who stay in this mall, the latest first."""
    return views.page(MERGES, workspace, "member_merges")


@blueprint.get("/<public_id>/merges/<int:merge_id>")
@mall_required(PERMISSION)
def page(workspace: Workspace, public_id: str, merge_id: int) -> ResponseReturnValue:
    """One merge: who, when, what went along, and what undoing it would do."""
    member = seen.get(workspace, public_id)
    merge, merged = _get(member, merge_id)
    return render_template(
        "console/member_merge.html", member=member, merge=merge, merged=merged, whys=WHYS, stages=STAGES
    )


@blueprint.post("/<public_id>/merges/<int:merge_id>/undo")
@mall_required(PERMISSION)
def undo(workspace: Workspace, public_id: str, merge_id: int) -> ResponseReturnValue:
    """Let the two be two again; what could not be given back is said."""
    _get(seen.get(workspace, public_id), merge_id)

    def act() -> str:
        undone = merging.undo_merge(merge_id, actor=workspace.who.actor, now=clock.now())
        pages.say(_told(undone))
        return f"{workspace.base}/members/{public_id}"

    return pages.submit(workspace.who, {"merge": merge_id}, act)


def _get(member: Member, merge_id: int) -> tuple[MemberMerge, Member]:
    found = {merge.id: (merge, merged) for merge, merged in list_of(member.id)}
    if merge_id not in found:
        raise NotFound(merge_id=merge_id)
    return found[merge_id]


def _told(undone: Undone) -> str:
    missing = [
        f"{undone.points_missing:,} 积分" if undone.points_missing else "",
        f"{undone.coupons_used} 张券" if undone.coupons_used else "",
        f"{undone.growth_missing:,} 成长值" if undone.growth_missing else "",
    ]
    gone = "、".join(part for part in missing if part)
    parts = [
        f"已撤销合并，还回 {undone.points:,} 积分、{undone.coupons} 张券、{undone.growth:,} 成长值",
        f"{gone}已用掉，未能还回" if gone else "",
        f"被合并会员的分层恢复为「{STAGES[undone.stage]}」"
        if undone.stage
        else "当时没有记下被合并会员的分层，明天凌晨重新计算",
    ]
    return "；".join(part for part in parts if part)
