"""The list of callbacks that wait for people, in the mall whose people look at them."""

from sqlalchemy import ColumnElement, false, true

from app.flows.stuck import callbacks
from app.flows.stuck.wording import PLATFORMS
from app.kernel.lists.keyset import Page
from app.wechat.callbacks import troubled
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace


def is_home(workspace: Workspace) -> bool:
    """Whether the mall is the one whose people look at what platforms said."""
    return workspace.mall.id == callbacks.home().id


def cause_of(event: PlatformEvent) -> str:
    """Why it waits for people, in words."""
    if event.kind == UNREAD:
        return "内容无法识别"
    return f"处理失败 {event.attempts} 次，已停止重试"


def state_of(event: PlatformEvent) -> tuple[str, str]:
    """How it stands, and the colour of that."""
    return ("已处理", "good") if event.note else ("待处理", "warn")


def outcome_of(event: PlatformEvent) -> str:
    """How it ended, once it has."""
    return "已重新读取" if event.note == callbacks.READ_AGAIN else event.note


def visible(workspace: Workspace) -> list[ColumnElement[bool]]:
    """The conditions that keep what the person may see."""
    return [troubled.is_troubled(), true() if is_home(workspace) else false()]


def _read(workspace: Workspace, wanted: Wanted) -> Page[PlatformEvent]:
    return troubled.list_events(*wanted.where, order=wanted.order, asked=wanted.asked)


def _state(workspace: Workspace, event: PlatformEvent) -> Cell:
    return cells.tag(*state_of(event), small=outcome_of(event))


CALLBACKS: Listing[PlatformEvent] = Listing(
    name="callbacks",
    title="平台通知",
    permission="callback.view",
    table=PlatformEvent,
    scope=visible,
    read=_read,
    columns=(
        columns.moment("at", "收到时间", lambda row: row.received_at, sort="at", is_fixed=True),
        columns.text("platform", "平台", lambda row: PLATFORMS[row.channel], look="main"),
        columns.text("cause", "原因", cause_of, look="wide"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Days("day", "收到日期", PlatformEvent.received_at),
        Choice("platform", "平台", PLATFORMS, lambda code: PlatformEvent.channel == code, "全部平台"),
        narrowing.states(
            {"open": ("待处理", lambda: troubled.IS_OPEN), "settled": ("已处理", lambda: ~troubled.IS_OPEN)}
        ),
    ),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", PlatformEvent.received_at, PlatformEvent.id),
    link=lambda workspace, row: f"{workspace.base}/callbacks/{row.id}",
    noun="条",
    icon="message",
    nothing="没有待处理的平台通知",
    hint="微信支付、企业微信和小程序平台的通知一般由系统自动处理；无法识别或多次处理失败的会列在这里，由您决定。",
)
