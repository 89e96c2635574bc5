"""The list of the mall's stores."""

from collections.abc import Mapping
from typing import NamedTuple

from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.malls import directory_queries
from app.malls import queries as malls
from app.malls.models import Merchant, Store
from app.malls.wording import CATEGORIES
from app.points.earning import rule_sets
from app.points.earning.rules import Rules
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Search
from mall_console.kit.workspace import Workspace

_OPEN = {"yes": "营业中", "no": "已停业"}


class Kept(NamedTuple):
    """A store with its merchant, and the points that a yuan gives there today (10000: one)."""

    store: Store
    merchant: Merchant
    rate_bps: int


def _read(workspace: Workspace, wanted: Wanted) -> Page[Kept]:
    page = directory_queries.list_stores(*wanted.where, order=wanted.order, asked=wanted.asked)
    today = clock.business_date(clock.now())
    rules_of = {mall_id: rule_sets.in_force(mall_id, today) for mall_id in {store.mall_id for store, _ in page}}
    return page.with_items([Kept(store, merchant, _rate(rules_of[store.mall_id], store)) for store, merchant in page])


def _rate(rules: Rules, store: Store) -> int:
    return rules.rate_bps(store.code, store.category_code)


def _floors(workspace: Workspace) -> Mapping[str, str]:
    floors = dict.fromkeys(store.floor for store in malls.list_stores(mall_id=workspace.mall.id))
    return {floor: floor for floor in floors}


def _state(workspace: Workspace, row: Kept) -> Cell:
    return cells.tag("营业中", "good") if row.store.active else cells.tag("已停业")


STORES: Listing[Kept] = Listing(
    name="stores",
    title="门店",
    permission="store.view",
    table=Store,
    scope=lambda workspace: [workspace.condition("store.view", Store.mall_id)],
    read=_read,
    columns=(
        columns.text("name", "门店", lambda row: row.store.name, look="main", sort="name", is_fixed=True),
        columns.text("code", "编号", lambda row: row.store.code, look="mono", sort="code"),
        columns.text("floor", "楼层", lambda row: row.store.floor, sort="floor"),
        columns.text("category", "业态", lambda row: CATEGORIES.get(row.store.category_code, row.store.category_code)),
        columns.text("merchant", "商户", lambda row: row.merchant.name),
        columns.text("rate", "每元积分", lambda row: f"{row.rate_bps / 10000:g}", look="right num"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Search("门店名称或编号", narrowing.contains(Store.name, Store.code), is_open=True),
        Choice("floor", "楼层", _floors, lambda floor: Store.floor == floor, "全部楼层"),
        Choice("category", "业态", CATEGORIES, lambda code: Store.category_code == code, "全部业态"),
        Choice("open", "状态", _OPEN, lambda code: Store.active.is_(code == "yes"), "全部状态"),
    ),
    sorts=(
        *both_ways("added", "最近添加在前", "最早添加在前", Store.id),
        *both_ways("name", "名称倒序", "名称顺序", Store.name, Store.id),
        *both_ways("code", "编号倒序", "编号顺序", Store.code, Store.id),
        *both_ways("floor", "楼层倒序", "楼层顺序", Store.floor, Store.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/stores/{row.store.code}",
    noun="家",
    icon="store",
    nothing="还没有门店",
    hint="先添加商户，再添加其门店。",
)
