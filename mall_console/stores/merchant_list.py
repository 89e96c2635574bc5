"""The list of merchants with stores in the mall, and of those that have none anywhere yet."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from app.kernel.lists.keyset import Page
from app.malls import directory_queries
from app.malls.models import Merchant, Store
from mall_console.kit.listing import columns, narrowing
from mall_console.kit.listing.listing import Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Search
from mall_console.kit.workspace import Workspace

_STORES = {"yes": "有门店", "no": "还没有门店"}


class Concerned(NamedTuple):
    """A merchant with how many stores it has in the mall."""

    merchant: Merchant
    stores: int


def _read(workspace: Workspace, wanted: Wanted) -> Page[Concerned]:
    page = directory_queries.list_merchants(workspace.mall.id, *wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Concerned(*row) for row in page])


def _has_stores(code: str) -> ColumnElement[bool]:
    # Who concerns the mall without a store in it has none anywhere.
    has = Merchant.id.in_(select(Store.merchant_id))
    return has if code == "yes" else ~has


MERCHANTS: Listing[Concerned] = Listing(
    name="merchants",
    title="商户",
    permission="store.view",
    table=Merchant,
    scope=lambda workspace: [directory_queries.concerns(workspace.mall.id)],
    read=_read,
    columns=(
        columns.text("name", "商户", lambda row: row.merchant.name, look="main", sort="name", is_fixed=True),
        columns.text("code", "编号", lambda row: row.merchant.code, look="mono", sort="code"),
        columns.count("stores", "本商场门店", lambda row: row.stores),
        columns.moment("created", "添加时间", lambda row: row.merchant.created_at, is_extra=True),
    ),
    filters=(
        Search("商户名称或编号", narrowing.contains(Merchant.name, Merchant.code), is_open=True),
        Choice("stores", "门店", _STORES, _has_stores),
    ),
    sorts=(
        *both_ways("added", "最近添加在前", "最早添加在前", Merchant.id),
        *both_ways("name", "名称倒序", "名称顺序", Merchant.name, Merchant.id),
        *both_ways("code", "编号倒序", "编号顺序", Merchant.code, Merchant.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/stores/merchants/{row.merchant.code}",
    noun="家",
    icon="store",
    nothing="还没有商户",
    hint="商户是结算的对象，一家商户可以有几家门店。",
)
