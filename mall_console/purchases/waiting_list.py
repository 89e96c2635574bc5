"""The list of receipts that wait: refunds ahead of their purchase, doubtful ones, those of unknown stores."""

from typing import NamedTuple

from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.purchases import receipt_queries
from app.purchases.waiting.models import WaitingReceipt
from app.purchases.wording import WAITS_FOR, source_text
from app.web import errors
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Act, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace


class Held(NamedTuple):
    """A receipt that waits, with its store and buyer if they are known."""

    receipt: WaitingReceipt
    store: Store | None
    member: Member | None


TONES = {"purchase": "cool", "decision": "warn", "store": "bad"}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Held]:
    page = receipt_queries.list_waiting(*wanted.where, order=wanted.order, asked=wanted.asked)
    stores, buyers = receipt_queries.stores_and_buyers(list(page))
    return page.with_items([Held(row, stores.get(row.store_id or 0), buyers.get(row.member_id or 0)) for row in page])


def _why(workspace: Workspace, row: Held) -> Cell:
    if row.receipt.obstacle is None:
        return cells.tag(WAITS_FOR[row.receipt.why], TONES[row.receipt.why])
    return cells.tag("无法登记", "bad", small=errors.message_of(row.receipt.obstacle, {}))


def _store(workspace: Workspace, row: Held) -> Cell:
    return cells.text(
        row.store.name if row.store else row.receipt.store_code, small="" if row.store else "收银系统编号"
    )


_KEY = (WaitingReceipt.id,)

WAITING: Listing[Held] = Listing(
    name="waiting",
    title="待处理小票",
    permission="purchase.view",
    table=WaitingReceipt,
    scope=lambda workspace: [
        workspace.condition("purchase.view", WaitingReceipt.mall_id),
        WaitingReceipt.dismissed_at.is_(None),
    ],
    read=_read,
    columns=(
        columns.moment("at", "时间", lambda row: row.receipt.occurred_at, sort="at", is_fixed=True),
        Column(key="why", head="原因", cell=_why),
        Column(key="store", head="门店", cell=_store),
        columns.text("source", "来源", lambda row: source_text(row.receipt.source)),
        columns.text("number", "小票号", lambda row: row.receipt.receipt_no, look="mono"),
        columns.member(lambda row: row.member),
        columns.money("amount", "金额", lambda row: row.receipt.amount_fen, sort="amount"),
        columns.text("refund_of", "原小票号", lambda row: row.receipt.refund_of, look="mono", is_extra=True),
        columns.moment("recorded", "收到时间", lambda row: row.receipt.recorded_at, is_extra=True),
    ),
    filters=(
        Search("小票号，从头输入", narrowing.begins(WaitingReceipt.receipt_no)),
        Choice("why", "原因", WAITS_FOR, lambda why: WaitingReceipt.why == why, "全部原因"),
        Days("day", "日期", WaitingReceipt.occurred_at),
        narrowing.store(WaitingReceipt.store_id),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", WaitingReceipt.occurred_at, *_KEY),
        *both_ways("amount", "金额从高到低", "金额从低到高", WaitingReceipt.amount_fen, *_KEY, is_short=True),
    ),
    link=lambda workspace, row: f"{workspace.base}/purchases/waiting/{row.receipt.id}",
    key=lambda row: str(row.receipt.id),
    acts=(
        Act("指定门店", "/purchases/waiting/store", "purchase.work", tone="accent"),
        Act("忽略", "/purchases/waiting/dismiss", "purchase.work"),
    ),
    most_ticked=100,
    noun="笔",
    nothing="没有待处理的小票",
    hint="先于原小票上传的退款、疑似重复的付款、门店编号对不上的小票会列在这里。",
)
