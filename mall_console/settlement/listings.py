"""The list of merchants with their terms."""

from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.malls.models import Merchant
from app.settlement import agreement_queries
from app.settlement.agreement_queries import Contract
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Search
from mall_console.kit.workspace import Workspace


def _read_contracts(workspace: Workspace, wanted: Wanted) -> Page[Contract]:
    today = clock.business_date(clock.now())
    return agreement_queries.list_contracts(
        workspace.mall.id, *wanted.where, on=today, order=wanted.order, asked=wanted.asked
    )


def _merchant(workspace: Workspace, row: Contract) -> Cell:
    return cells.text(row.merchant.name, small=row.merchant.code)


def _commission(workspace: Workspace, row: Contract) -> Cell:
    if row.terms is None:
        return cells.tag("没有生效的条款", "warn")
    return Cell(text=f"{row.terms.commission_bps / 100:.2f}%")


def _terms(row: Contract, name: str) -> int | None:
    return None if row.terms is None else int(getattr(row.terms, name))


CONTRACTS: Listing[Contract] = Listing(
    name="contracts",
    title="合同条款",
    permission="contract.view",
    table=Merchant,
    scope=lambda workspace: [agreement_queries.is_in(workspace.mall.id)],
    read=_read_contracts,
    columns=(
        Column(key="merchant", head="商户", cell=_merchant, look="main", sort="name", is_fixed=True),
        Column(key="commission", head="会员消费佣金", cell=_commission, look="right num"),
        columns.money("issue", "积分发放单价（元/百积分）", lambda row: _terms(row, "issue_price_fen")),
        columns.money("redeem", "积分抵扣单价（元/百积分）", lambda row: _terms(row, "redeem_price_fen")),
        columns.count("due", "付款期限（天）", lambda row: _terms(row, "due_days")),
        columns.text(
            "from", "条款生效", lambda row: row.terms.effective_from.isoformat() if row.terms else None, look="num"
        ),
        columns.text(
            "open",
            "最早未关账日",
            lambda row: row.first_open_day.isoformat() if row.first_open_day else "未开账",
            look="num",
        ),
    ),
    filters=(Search("商户名称或编号", narrowing.contains(Merchant.name, Merchant.code), is_open=True),),
    sorts=(
        *reversed(both_ways("added", "最近添加在前", "最早添加在前", Merchant.id)),
        *both_ways("name", "名称倒序", "名称顺序", Merchant.name, Merchant.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/contracts/{row.merchant.code}",
    noun="家",
    icon="contract",
    nothing="还没有商户",
    hint="先在「门店与商户」中添加商户和门店，再录入合同条款。",
)
