"""The mall's stores with what the circle calls them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from app.circle import circles
from app.kernel.lists.keyset import Page
from app.malls import directory_queries
from app.malls.models import Merchant, Store
from app.purchases.aliases import aliases
from app.purchases.aliases.models import StoreAlias
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Search
from mall_console.kit.workspace import Workspace

_NAMED = {"yes": "已填写", "no": "未填写"}


class Shop(NamedTuple):
    """A store with its merchant, and the numbers of its shops in the circle."""

    store: Store
    merchant: Merchant
    numbers: Sequence[str]


def _read(workspace: Workspace, wanted: Wanted) -> Page[Shop]:
    page = directory_queries.list_stores(*wanted.where, order=wanted.order, asked=wanted.asked)
    numbers = aliases.list_codes(workspace.mall.id, circles.SOURCE)
    return page.with_items([Shop(store, merchant, numbers.get(store.id, ())) for store, merchant in page])


def _is_named(code: str) -> ColumnElement[bool]:
    named = Store.id.in_(select(StoreAlias.store_id).where(StoreAlias.source == circles.SOURCE))
    return named if code == "yes" else ~named


def _numbers(workspace: Workspace, row: Shop) -> Cell:
    if row.numbers:
        return cells.text("、".join(row.numbers))
    return cells.text(row.store.code, small="未填写，按门店编号识别")


SHOPS: Listing[Shop] = Listing(
    name="circle_shops",
    title="圈店对照",
    permission="circle.view",
    table=Store,
    scope=lambda workspace: [workspace.condition("circle.view", Store.mall_id)],
    read=_read,
    columns=(
        columns.text("name", "门店", lambda row: row.store.name, look="main", sort="name", is_fixed=True),
        columns.text("floor", "楼层", lambda row: row.store.floor),
        columns.text("merchant", "商户", lambda row: row.merchant.name),
        Column(key="numbers", head="圈店编号", cell=_numbers),
    ),
    filters=(
        Search("门店名称或编号", narrowing.contains(Store.name, Store.code), is_open=True),
        Choice("named", "圈店编号", _NAMED, _is_named, "全部门店"),
    ),
    sorts=(
        *both_ways("added", "最近添加在前", "最早添加在前", Store.id),
        *both_ways("name", "名称倒序", "名称顺序", Store.name, Store.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/circle/stores/{row.store.code}",
    noun="家",
    icon="store",
    nothing="没有门店",
    hint="先在「门店与商户」添加门店。",
)
