"""The list of a statement's rows: every posting that it is the sum of."""

from sqlalchemy import or_

from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons import redemption_queries
from app.kernel.lists.keyset import Page
from app.kernel.spelling.codes import spell_code
from app.malls import queries as malls
from app.settlement.ledger.models import Posting
from app.settlement.statements import queries, wording
from app.settlement.statements.explained import COUPON_KINDS, POINTS_KINDS
from app.settlement.statements.models import Statement
from app.settlement.statements.queries import ExplainedPosting
from app.web import filters
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Conditions, Days, Search
from mall_console.kit.workspace import Workspace
from mall_console.settlement.statement_lists import text_sums

PERMISSION = "statement.view"
KINDS = {kind.value: label for kind, label in wording.KIND_LABELS.items()}


def get(workspace: Workspace, statement_no: str, permission: str) -> queries.NamedStatement:
    """The statement of this mall; raises StatementNotFound."""
    return queries.get_statement(statement_no, visible=workspace.condition(permission, Statement.mall_id))


def _about(workspace: Workspace, statement_no: str) -> About:
    statement = get(workspace, statement_no, PERMISSION).statement
    stores = malls.list_store_codes(statement.mall_id, merchant_id=statement.merchant_id)
    return About(statement_no, statement, statement_no, queries.postings_of(statement), {"store": stores})


def _read(workspace: Workspace, wanted: Wanted) -> Page[ExplainedPosting]:
    return queries.list_postings(wanted.thing(Statement), *wanted.where, order=wanted.order, asked=wanted.asked)


def _with_reference(workspace: Workspace, words: str) -> Conditions:
    """By a receipt's number, or the whole of a coupon's code."""
    found = coupon_queries.find_by_code(spell_code(words))
    uses = redemption_queries.list_of_coupon(*found) if found else []
    same = Posting.act_ref.startswith(words, autoescape=True)
    return [or_(same, Posting.act_ref.in_([use.public_id for use, _ in uses])) if uses else same]


def _day(workspace: Workspace, row: ExplainedPosting) -> Cell:
    late = f"业务 {row.business_day:%m-%d}" if row.business_day != row.accounting_day else ""
    return Cell(text=f"{row.accounting_day:%m-%d}", small=late, value=row.accounting_day)


def _at(workspace: Workspace, row: ExplainedPosting) -> Cell:
    return cells.day(row.business_day) if row.occurred_at is None else cells.moment(row.occurred_at)


def _what(workspace: Workspace, row: ExplainedPosting) -> Cell:
    back = f"冲回 {row.reversed_day:%m-%d} 的记账" if row.reversed_day else ""
    told = " · ".join(part for part in (KINDS[row.kind], row.reference, back) if part)
    return cells.text(wording.what_happened(row), small=told)


def _sum(workspace: Workspace, row: ExplainedPosting) -> Cell:
    """What the amount was worked out from."""
    if row.kind in POINTS_KINDS:
        price = f"单价 {filters.yuan(row.rate)}/百积分"
        return Cell(text=f"{filters.points(row.points)} 积分", small=price)
    share = f"占优惠的 {row.rate / 100:g}%" if row.kind in COUPON_KINDS else f"× {row.rate / 100:g}%"
    return Cell(text=filters.yuan(row.base_fen), small=share)


STATEMENT_ROWS: Listing[ExplainedPosting] = Listing(
    name="statement_rows",
    title="结算明细",
    permission=PERMISSION,
    table=Posting,
    about=_about,
    scope=lambda workspace: [workspace.condition(PERMISSION, Posting.mall_id)],
    read=_read,
    columns=(
        Column(key="day", head="入账日期", cell=_day, look="num nowrap", sort="day", is_fixed=True),
        Column(key="what", head="说明", cell=_what, look="wide"),
        columns.text("store", "门店", lambda row: row.store_name, look="nowrap"),
        Column(key="sum", head="计算", cell=_sum, look="right num"),
        columns.money("amount", "金额", lambda row: row.amount_fen, sort="amount"),
        columns.text("label", "项目", lambda row: KINDS[row.kind], is_extra=True),
        columns.text("reference", "券码/小票号/凭据", lambda row: row.reference, look="mono", is_extra=True),
        Column(key="at", head="发生时间", cell=_at, look="num nowrap", is_extra=True),
    ),
    filters=(
        Search("小票号，或完整券码", _with_reference),
        Days("day", "入账日期", Posting.accounting_day, is_date=True),
        Choice("kind", "项目", KINDS, lambda kind: Posting.kind == kind, "全部项目"),
        narrowing.store(Posting.store_id),
    ),
    sorts=(
        *reversed(both_ways("day", "入账从近到远", "入账从远到近", Posting.accounting_day, Posting.id)),
        *both_ways("amount", "金额从高到低", "金额从低到高", Posting.amount_fen, Posting.id, is_short=True),
    ),
    noun="笔",
    amounts=(Posting.amount_fen,),
    sums=text_sums,
    icon="settle",
    nothing="本账期没有发生额",
)
