"""The log of messages as a list."""

from typing import NamedTuple

from app.kernel import discovery
from app.kernel.lists.keyset import Page
from app.outreach.messages import queries
from app.outreach.messages.models import OutreachMessage
from app.outreach.messages.wording import MESSAGE_REASONS as REASONS
from app.outreach.messages.wording import MESSAGE_STATUSES as STATUSES
from app.outreach.messages.wording import reason_of
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace

KINDS: dict[str, str] = discovery.merged("MESSAGE_KINDS", named="wording")


class Planned(NamedTuple):
    """A message with whose it is."""

    message: OutreachMessage
    public_id: str
    phone: str | None


def _read(workspace: Workspace, wanted: Wanted) -> Page[Planned]:
    page = queries.list_messages(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Planned(*row) for row in page])


def _kind(workspace: Workspace, row: Planned) -> Cell:
    return cells.text(KINDS[row.message.kind], small="营销" if row.message.marketing else "服务")


def _reason(workspace: Workspace, row: Planned) -> Cell:
    if not row.message.reason:
        return cells.NOTHING
    return cells.text(reason_of(row.message.reason, row.message.last_error)[0])


def _address(workspace: Workspace, row: Planned) -> str:
    return f"{workspace.base}/messages/{row.message.member_id}-{row.message.id}"


def _more(workspace: Workspace, row: Planned) -> Cell:
    words = "详情" if row.message.status == "sent" else "查看原因"
    return Cell(text=words, href=_address(workspace, row), value="")


MESSAGES: Listing[Planned] = Listing(
    name="messages",
    title="消息发送记录",
    permission="message.view",
    table=OutreachMessage,
    scope=lambda workspace: [workspace.condition("message.view", OutreachMessage.mall_id)],
    read=_read,
    columns=(
        columns.moment("planned", "计划时间", lambda row: row.message.planned_at, sort="planned", is_fixed=True),
        Column(key="kind", head="消息", cell=_kind, look="wide"),
        Column(
            key="member",
            head="会员",
            cell=lambda workspace, row: cells.member_of(workspace, row.public_id, row.phone),
            look="num",
        ),
        Column(key="status", head="状态", cell=lambda _, row: cells.tag(*STATUSES[row.message.status])),
        Column(key="reason", head="原因", cell=_reason),
        columns.moment("sent", "送达时间", lambda row: row.message.sent_at, is_extra=True),
        Column(key="more", head="详情", cell=_more, look="right", show_head=False),
    ),
    filters=(
        Days("day", "计划日期", OutreachMessage.planned_at),
        Days("sent", "送达日期", OutreachMessage.sent_at),
        Choice(
            "status",
            "状态",
            {code: words for code, (words, _) in STATUSES.items()},
            queries.has_status,
            "全部状态",
        ),
        Choice(
            "reason",
            "原因",
            {code: words for code, (words, _) in REASONS.items()},
            lambda reason: OutreachMessage.reason == reason,
            "全部原因",
        ),
        Choice("kind", "消息", KINDS, lambda kind: OutreachMessage.kind == kind, "全部消息"),
    ),
    sorts=both_ways(
        "planned",
        "计划时间从近到远",
        "计划时间从远到近",
        OutreachMessage.planned_at,
        OutreachMessage.member_id,
        OutreachMessage.id,
    ),
    link=_address,
    icon="message",
    nothing="没有消息",
    hint="券到期前两天，系统会自动安排提醒；每一条没有发出的，这里都能看到原因。",
)
