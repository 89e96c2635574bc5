"""The log of messages: what was sent, and of everything that was not, why."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.identity import queries as identity
from app.kernel import clock
from app.outreach.consents.models import ConsentChange
from app.outreach.messages import queries
from app.outreach.messages.wording import MESSAGE_REASONS as REASONS
from app.outreach.messages.wording import MESSAGE_STATUSES as STATUSES
from app.outreach.messages.wording import reason_of
from app.outreach.touch_rules import policy
from mall_console.kit.listing import views
from mall_console.kit.listing.state import State
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.outreach.log import KINDS, MESSAGES

blueprint = Blueprint("messages", __name__, url_prefix="/messages", template_folder="templates")

CHANGES = {
    ConsentChange.ACCEPTED.value: "会员同意",
    ConsentChange.REJECTED.value: "会员拒绝",
    ConsentChange.RESERVED.value: "发送占用",
    ConsentChange.RELEASED.value: "未发出退回",
    ConsentChange.CLEARED.value: "平台清零",
    ConsentChange.WITHDRAWN.value: "会员撤回",
    ConsentChange.MOVED.value: "会员合并转移",
}
_WORDS = {"statuses": STATUSES, "kinds": KINDS}


@blueprint.get("")
@mall_required("message.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's messages, the latest planned first, with how many ended for which reason."""
    state = State.read(workspace, request.path, MESSAGES, MultiDict(request.args))
    counts = queries.count_reasons(*MESSAGES.where(workspace, state.without("status", "reason").typed))
    return views.page(MESSAGES, workspace, "messages", reason_counts=counts, state=state, reasons=REASONS)


@blueprint.get("/<int:member_id>-<int:message_id>")
@mall_required("message.view")
def message_page(workspace: Workspace, member_id: int, message_id: int) -> ResponseReturnValue:
    """One message: how it stands and why, with the touches and consents around it."""
    message = queries.get_message(member_id, message_id, mall_ids=[workspace.mall.id])
    return render_template(
        "console/message.html",
        message=message,
        why=reason_of(message.reason, message.last_error) if message.reason else None,
        explanation=queries.explain(message),
        changes=CHANGES,
        member=identity.get_member(member_id),
        policy=policy.at(message.planned_at),
        now=clock.now(),
        **_WORDS,
    )
