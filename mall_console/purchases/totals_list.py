"""The list of what tills said of their days, those first that differ most from the receipts that came."""

from typing import NamedTuple

from sqlalchemy import ColumnElement

from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.purchases.totals import totals
from app.purchases.totals.models import WHOLE_STORE, TillTotal
from app.purchases.wording import source_text
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace


class Told(NamedTuple):
    """A till's word of a day, and the store."""

    total: TillTotal
    store: Store


STATES = {"differs": "不一致", "open": "待核对", "fits": "一致"}


def _is(state: str) -> ColumnElement[bool]:
    return {
        "differs": TillTotal.differs.is_(True),
        "open": TillTotal.differs.is_(None),
        "fits": TillTotal.differs.is_(False),
    }[state]


def _read(workspace: Workspace, wanted: Wanted) -> Page[Told]:
    page = totals.list_totals(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Told(*row) for row in page])


def _state(workspace: Workspace, row: Told) -> Cell:
    if row.total.differs is None:
        return cells.tag(STATES["open"], "cool")
    if not row.total.differs:
        return cells.tag(STATES["fits"], "good")
    return cells.tag(STATES["differs"], "bad", small="各收银台合并核对" if row.total.came_fen is None else "")


def _till(workspace: Workspace, row: Told) -> Cell:
    return cells.text("全店" if row.total.till == WHOLE_STORE else f"收银台 {row.total.till}")


def _apart(row: Told) -> int | None:
    return None if row.total.came_fen is None else row.total.came_fen - row.total.amount_fen


_KEY = (TillTotal.store_id, TillTotal.source, TillTotal.till)

TILL_TOTALS: Listing[Told] = Listing(
    name="till_totals",
    title="门店日结",
    permission="purchase.view",
    table=TillTotal,
    scope=lambda workspace: [workspace.condition("purchase.view", TillTotal.mall_id)],
    read=_read,
    columns=(
        Column(
            key="day",
            head="日期",
            cell=lambda _, row: cells.day(row.total.business_day),
            look="num nowrap",
            sort="day",
            is_fixed=True,
        ),
        Column(key="state", head="状态", cell=_state),
        columns.text("store", "门店", lambda row: row.store.name),
        Column(key="till", head="收银台", cell=_till),
        columns.count("told_count", "日结笔数", lambda row: row.total.receipt_count),
        columns.money("told", "日结金额", lambda row: row.total.amount_fen),
        columns.count("came_count", "收到笔数", lambda row: row.total.came_count),
        columns.money("came", "收到金额", lambda row: row.total.came_fen),
        columns.money("apart", "相差", _apart, sort="apart"),
        columns.text("source", "来源", lambda row: source_text(row.total.source), is_extra=True),
        columns.moment("at", "上传时间", lambda row: row.total.told_at, is_extra=True),
    ),
    filters=(
        Choice("state", "状态", STATES, _is, "全部状态"),
        Days("day", "日期", TillTotal.business_day, is_date=True),
        narrowing.store(TillTotal.store_id),
    ),
    sorts=(
        *both_ways("apart", "相差从多到少", "相差从少到多", TillTotal.apart_fen, TillTotal.business_day, *_KEY),
        *both_ways("day", "日期从近到远", "日期从远到近", TillTotal.business_day, *_KEY),
    ),
    link=lambda workspace, row: (
        f"{workspace.base}/purchases/totals/{row.store.code}/{row.total.business_day}/{row.total.source}"
    ),
    noun="条",
    nothing="没有门店日结",
    nothing_for={"state=differs": "没有不一致的日结"},
    hint="收银系统上传日结后，会与收到的小票逐日核对，结果列在这里。",
)
