"""The lists of receipts: members' purchases and refunds, and the inbox of those that nobody has claimed."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, not_

from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.purchases import day_only, receipt_queries
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.wording import DISMISSALS, source_text
from app.web import filters
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Act, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace


class Bought(NamedTuple):
    """A receipt with where and whose it is."""

    purchase: Purchase
    store: Store
    member: Member


class Unclaimed(NamedTuple):
    """A receipt of nobody we know."""

    receipt: InboxReceipt
    store: Store


KINDS = {"bought": "消费", "refund": "退款", "first": "首单"}


def _is(kind: str) -> ColumnElement[bool]:
    return {
        "bought": Purchase.refund_of_id.is_(None),
        "refund": Purchase.refund_of_id.is_not(None),
        "first": Purchase.is_first.is_(True),
    }[kind]


STATES = {"open": "待处理", "checked": "待复核", "dismissed": "已忽略"}


def _is_open(code: str) -> ColumnElement[bool]:
    if code == "dismissed":
        return InboxReceipt.dismissed_at.is_not(None)
    is_checked = InboxReceipt.checked_at.is_not(None)
    return and_(InboxReceipt.dismissed_at.is_(None), is_checked if code == "checked" else not_(is_checked))


def _read_bought(workspace: Workspace, wanted: Wanted) -> Page[Bought]:
    page = receipt_queries.list_purchases(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Bought(*row) for row in page])


def _read_unclaimed(workspace: Workspace, wanted: Wanted) -> Page[Unclaimed]:
    page = receipt_queries.list_inbox(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Unclaimed(*row) for row in page])


def _at(workspace: Workspace, row: Bought) -> Cell:
    at = row.purchase.occurred_at
    return cells.moment_or_day(at, is_day_only=day_only.is_day_only(row.purchase.source, at))


def _mark(workspace: Workspace, row: Bought) -> Cell:
    if row.purchase.refund_of_id:
        return cells.tag("退款", "bad")
    return cells.tag("首单", "accent") if row.purchase.is_first else cells.EMPTY


def _state(workspace: Workspace, row: Unclaimed) -> Cell:
    if row.receipt.dismissed_for:
        return cells.tag("已忽略", small=DISMISSALS[row.receipt.dismissed_for])
    if row.receipt.checked_by:
        return cells.tag("待复核", "cool", small=f"{row.receipt.checked_by} 已指定会员")
    return cells.tag("退款", "bad") if row.receipt.refund_of else cells.EMPTY


def _total(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("合计", filters.yuan(sums[0]))]


_BOUGHT, _UNCLAIMED = (Purchase.member_id, Purchase.id), (InboxReceipt.id,)

PURCHASES: Listing[Bought] = Listing(
    name="purchases",
    title="消费小票",
    permission="purchase.view",
    table=Purchase,
    scope=lambda workspace: [workspace.condition("purchase.view", Purchase.mall_id)],
    read=_read_bought,
    columns=(
        Column(key="at", head="时间", cell=_at, look="num nowrap", sort="at", is_fixed=True),
        columns.text("store", "门店", lambda row: row.store.name),
        columns.member(lambda row: row.member),
        columns.text("number", "小票号", lambda row: row.purchase.receipt_no, look="mono"),
        columns.money("amount", "金额", lambda row: row.purchase.amount_fen, sort="amount"),
        Column(key="kind", head="标记", cell=_mark),
        columns.text("source", "来源", lambda row: source_text(row.purchase.source), is_extra=True),
        columns.moment("recorded", "收到时间", lambda row: row.purchase.recorded_at, is_extra=True),
    ),
    filters=(
        Search("小票号，从头输入", narrowing.begins(Purchase.receipt_no)),
        Days("day", "日期", Purchase.occurred_at),
        narrowing.store(Purchase.store_id),
        Choice("kind", "类型", KINDS, _is, "全部类型"),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", Purchase.occurred_at, *_BOUGHT),
        *both_ways("amount", "金额从高到低", "金额从低到高", Purchase.amount_fen, *_BOUGHT, is_short=True),
    ),
    link=lambda workspace, row: f"{workspace.base}/purchases/{row.purchase.member_id}-{row.purchase.id}",
    noun="笔",
    amounts=(Purchase.amount_fen,),
    sums=_total,
    nothing="没有小票",
    hint="收银系统接入后，会员消费会自动出现在这里。",
)

INBOX: Listing[Unclaimed] = Listing(
    name="inbox",
    title="未识别会员的小票",
    permission="purchase.view",
    table=InboxReceipt,
    scope=lambda workspace: [workspace.condition("purchase.view", InboxReceipt.mall_id)],
    read=_read_unclaimed,
    columns=(
        columns.moment("at", "时间", lambda row: row.receipt.occurred_at, sort="at", is_fixed=True),
        columns.text("store", "门店", lambda row: row.store.name),
        columns.text("source", "来源", lambda row: source_text(row.receipt.source)),
        columns.text("number", "小票号", lambda row: row.receipt.receipt_no, look="mono"),
        columns.money("amount", "金额", lambda row: row.receipt.amount_fen, sort="amount"),
        Column(key="state", head="标记", cell=_state),
        columns.moment("recorded", "收到时间", lambda row: row.receipt.recorded_at, is_extra=True),
    ),
    filters=(
        Search("小票号，从头输入", narrowing.begins(InboxReceipt.receipt_no)),
        Days("day", "日期", InboxReceipt.occurred_at),
        Days("received", "收到日期", InboxReceipt.recorded_at),
        narrowing.store(InboxReceipt.store_id),
        Choice("state", "状态", STATES, _is_open, "全部状态"),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", InboxReceipt.occurred_at, *_UNCLAIMED),
        *both_ways("amount", "金额从高到低", "金额从低到高", InboxReceipt.amount_fen, *_UNCLAIMED, is_short=True),
    ),
    link=lambda workspace, row: f"{workspace.base}/purchases/inbox/{row.receipt.id}",
    key=lambda row: str(row.receipt.id),
    acts=(
        Act("指定会员", "/purchases/inbox/give", "purchase.work", tone="accent"),
        Act("忽略", "/purchases/inbox/dismiss", "purchase.work"),
        Act("恢复", "/purchases/inbox/restore", "purchase.work"),
    ),
    most_ticked=100,
    noun="笔",
    amounts=(InboxReceipt.amount_fen,),
    sums=_total,
    nothing="没有未识别会员的小票",
    hint="所有小票都已匹配会员。",
)
