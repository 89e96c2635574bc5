"""What WeChat Pay told of the mall's circle, and how each notice stands."""

from sqlalchemy import ColumnElement, and_, select

from app.circle import circles
from app.circle.models import Circle
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.web import filters
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from app.wechat.pay.circle_notices import PLATFORM, Kind
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace

KINDS = {Kind.PAID.value: "支付", Kind.REFUNDED.value: "退款", Kind.AUTHORISED.value: "授权"}
# How notices stand, in words, with the colour of that.
_STATES = {"done": ("已处理", "good"), "due": ("处理中", "warn"), "given_up": ("处理失败", "bad")}
# What the worker noted where the end is not plain.
_NOTES = {
    "nobody's yet": "付款人还不是会员",
    "waits for store": "圈店编号没有对应的门店",
    "waits for decision": "疑似与其他小票重复，等待人工判断",
    "waits for purchase": "等待对应的支付通知",
}


def state_of(event: PlatformEvent) -> str:
    """Where a notice stands."""
    if event.done_at is not None:
        return "done"
    return "due" if event.given_up_at is None else "given_up"


def _is(code: str) -> ColumnElement[bool]:
    return {
        "done": PlatformEvent.done_at.is_not(None),
        "due": and_(PlatformEvent.done_at.is_(None), PlatformEvent.given_up_at.is_(None)),
        "given_up": PlatformEvent.given_up_at.is_not(None),
    }[code]


def _scope(workspace: Workspace) -> list[ColumnElement[bool]]:
    mchid = select(Circle.mchid).where(Circle.mall_id == workspace.mall.id).scalar_subquery()
    told = PlatformEvent.payload["mchid"].as_string() == mchid
    return [PlatformEvent.channel == PLATFORM, PlatformEvent.kind != UNREAD, told]


def _read(workspace: Workspace, wanted: Wanted) -> Page[PlatformEvent]:
    return keyset.scalars(select(PlatformEvent).where(*wanted.where), wanted.order, wanted.asked)


def _amount(event: PlatformEvent) -> str:
    fen = event.payload.get("amount_fen", -event.payload.get("refund_fen", 0))
    return "" if event.kind == Kind.AUTHORISED else filters.yuan(fen)


def _shop(event: PlatformEvent) -> str:
    return str(event.payload.get("shop_name") or event.payload.get("shop_number") or "")


def _number(event: PlatformEvent) -> str:
    return str(event.payload.get("refund_id") or event.payload.get("transaction_id") or "")


def _state(workspace: Workspace, event: PlatformEvent) -> Cell:
    words, tone = _STATES[state_of(event)]
    if event.note in _NOTES:
        return cells.tag("未入账", "warn", small=_NOTES[event.note])
    ended = "已记录" if event.kind == Kind.AUTHORISED else "已入账"
    return cells.tag(words if event.done_at is None else ended, tone)


NOTICES: Listing[PlatformEvent] = Listing(
    name="circle_notices",
    title="商圈通知",
    permission="circle.view",
    table=PlatformEvent,
    scope=_scope,
    read=_read,
    columns=(
        columns.moment("at", "收到时间", lambda row: row.received_at, sort="at", is_fixed=True),
        columns.text("kind", "类型", lambda row: KINDS[row.kind]),
        columns.text("shop", "圈店", _shop, look="main"),
        columns.text("amount", "金额", _amount, look="right num"),
        columns.text("number", "微信单号", _number, look="mono"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Days("day", "收到日期", PlatformEvent.received_at),
        Choice("kind", "类型", KINDS, lambda code: PlatformEvent.kind == code, "全部类型"),
        narrowing.Choice("state", "状态", {code: words for code, (words, _) in _STATES.items()}, _is, "全部状态"),
    ),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", PlatformEvent.received_at, PlatformEvent.id),
    noun="条",
    icon="message",
    nothing="还没有收到通知",
    hint=f"会员在圈店用微信支付后，通知会在几秒内到达。来源代码为 {circles.SOURCE}。",
)
