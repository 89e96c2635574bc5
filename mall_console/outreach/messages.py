"""The log of messages: what was sent, and of everything that was not, why."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.identity import queries as identity
from app.kernel import clock, discovery
from app.outreach.consents.models import ConsentChange
from app.outreach.messages import queries
from app.outreach.messages.models import MessageStatus, Reason
from app.outreach.messages.queries import LogFilter
from app.outreach.touch_rules import policy
from mall_console.kit import filters, paging
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("messages", __name__, url_prefix="/messages", template_folder="templates")

STATUSES = {
    MessageStatus.PLANNED.value: ("等待发送", "cool"),
    MessageStatus.SENDING.value: ("发送中", "cool"),
    MessageStatus.SENT.value: ("已送达平台", "good"),
    MessageStatus.FAILED.value: ("平台拒收", "bad"),
    MessageStatus.SUPPRESSED.value: ("未发送", "warn"),
    MessageStatus.UNKNOWN.value: ("结果不明", "bad"),
}
REASONS = {
    Reason.QUIET_HOURS.value: ("静默时段", "触达规则里的静默时段不打扰会员，推迟到静默结束再发。"),
    Reason.WEEKLY_CAP.value: ("近期已达上限", "会员近期收到的营销消息已达上限，为避免打扰没有发送。"),
    Reason.PLATFORM_BUSY.value: ("平台繁忙", "平台要求稍后再试，系统会自动重试。"),
    Reason.TOO_LATE.value: ("已过时效", "待发送时，消息内容已过时效。"),
    Reason.NO_CONSENT.value: ("没有订阅次数", "会员对这类消息没有剩余的订阅次数；每同意一次只能发送一条。"),
    Reason.NO_ADDRESS.value: ("没有接收渠道", "会员没有绑定能收到这类消息的微信身份。"),
    Reason.MEMBER_GONE.value: ("会员已注销或合并", "会员已注销，或已并入另一个会员。"),
    Reason.COUPON_REDEEMED.value: ("券已使用", "提醒发送前，券已使用。"),
    Reason.COUPON_RESERVED.value: ("券正在付款中", "券正在付款中，稍后再判断是否提醒。"),
    Reason.COUPON_VOID.value: ("券已作废", "券已经作废，不用提醒。"),
    Reason.CONSENT_REFUSED.value: ("平台无订阅记录", "平台表示会员没有订阅，本地的订阅次数已清零。"),
    Reason.PLATFORM_REFUSED.value: ("平台认为内容有误", "平台没有接受这条消息，错误码见下。"),
    Reason.NO_ANSWER.value: ("平台没有回应", "请求已发出但没有收到回应，为免重复不再发送。"),
    Reason.WORKER_DIED.value: ("发送中断", "发送中断，无法确定是否送达，为免重复不再补发。"),
}
CHANGES = {
    ConsentChange.ACCEPTED.value: "会员同意",
    ConsentChange.REJECTED.value: "会员拒绝",
    ConsentChange.RESERVED.value: "发送占用",
    ConsentChange.RELEASED.value: "未发出退回",
    ConsentChange.CLEARED.value: "平台清零",
    ConsentChange.WITHDRAWN.value: "会员撤回",
}
KINDS: dict[str, str] = discovery.merged("MESSAGE_KINDS", named="wording")
_WORDS = {"statuses": STATUSES, "reasons": REASONS, "kinds": KINDS}


@blueprint.get("")
@mall_required("message.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's messages, the latest planned first, with how many ended for which reason."""
    wanted = _wanted(workspace)
    rows = queries.list_messages(wanted, paging.asked())
    counts = queries.count_messages(LogFilter(mall_ids=[workspace.mall.id], day=wanted.day, sent_on=wanted.sent_on))
    return paging.render_list(
        "messages",
        rows=rows,
        reason_counts=_by_reason(counts),
        sent=_of_status(counts, MessageStatus.SENT),
        total=sum(counts.values()),
        **_WORDS,
    )


@blueprint.get("/<int:member_id>-<int:message_id>")
@mall_required("message.view")
def message_page(workspace: Workspace, member_id: int, message_id: int) -> ResponseReturnValue:
    """One message: how it stands and why, with the touches and consents around it."""
    message = queries.get_message(member_id, message_id, mall_ids=[workspace.mall.id])
    return render_template(
        "console/message.html",
        message=message,
        explanation=queries.explain(message),
        changes=CHANGES,
        member=identity.get_member(member_id),
        policy=policy.at(message.planned_at),
        now=clock.now(),
        **_WORDS,
    )


def _wanted(workspace: Workspace) -> LogFilter:
    status, reason, kind = (request.args.get(name) for name in ("status", "reason", "kind"))
    return LogFilter(
        mall_ids=[workspace.mall.id],
        day=filters.find_day("day"),
        sent_on=filters.find_day("sent"),
        status=status if status in STATUSES else None,
        reason=reason if reason in REASONS else None,
        kind=kind if kind in KINDS else None,
    )


def _by_reason(counts: dict[tuple[str, str | None], int]) -> list[tuple[str, int]]:
    """How many messages have each reason, the most frequent first."""
    sums: dict[str, int] = {}
    for (_, reason), count in counts.items():
        if reason is not None:
            sums[reason] = sums.get(reason, 0) + count
    return sorted(sums.items(), key=lambda item: -item[1])


def _of_status(counts: dict[tuple[str, str | None], int], status: MessageStatus) -> int:
    return sum(count for (one, _), count in counts.items() if one == status.value)
