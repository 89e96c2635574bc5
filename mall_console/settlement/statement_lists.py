"""Lists of statements: those of a closed month, and the open lists that finance works through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.lists.keyset import Page
from app.kernel.spelling import marks
from app.kernel.wording import month_text
from app.malls.models import Merchant
from app.settlement.statements import queries, wording
from app.settlement.statements.models import InvoiceStatus, Statement, StatementStatus
from app.settlement.statements.open_lists import DUE_ORDER, IS_OPEN, OpenList
from app.settlement.statements.queries import NamedStatement
from app.web import filters
from app.web.forms import written
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Act, Column, Listing, Sort, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Conditions, Days, Search
from mall_console.kit.workspace import Workspace

PERMISSION = "statement.view"
MOST_CHOSEN = 100  # numbers that an address holds
STATUSES = {status.value: words for status, words in wording.STATUS_LABELS.items()}
TONES = {"issued": "warn", "disputed": "bad", "confirmed": "cool", "paid": "good"}
INVOICES = {status.value: words for status, words in wording.INVOICE_LABELS.items()}
_WAYS = {"owed": 1, "due": -1, "none": 0}
_WAY_WORDS = {way: wording.direction_of(sign) for way, sign in _WAYS.items()}
_AGREED = (OpenList.PAYABLE, OpenList.RECEIVABLE)


class Listed(NamedTuple):
    """A statement with its names, and what the same merchant settled the month before (None: nothing)."""

    named: NamedStatement
    before_fen: int | None

    @property
    def statement(self) -> Statement:
        return self.named.statement


def period_of(month: str) -> date:
    """The month of an address; raises NotFound."""
    period = written.find_month(month)
    if period is None:
        raise NotFound(period=month)
    return period


def _about(workspace: Workspace, month: str) -> About:
    period = period_of(month)
    return About(month, period, month_text(period), [Statement.period == period])


def _scope(workspace: Workspace) -> Sequence[ColumnElement[bool]]:
    return [workspace.condition(PERMISSION, Statement.mall_id)]


def _read(workspace: Workspace, wanted: Wanted) -> Page[Listed]:
    page = queries.list_named(*wanted.where, order=wanted.order, asked=wanted.asked)
    before = queries.previous_amounts(page.items)
    return page.with_items([Listed(named, before.get(named.statement.id)) for named in page])


def _find(workspace: Workspace, words: str) -> Conditions:
    """By the merchant, or the beginning of the number."""
    [named] = narrowing.contains(Merchant.name, Merchant.code)(workspace, words)
    number = Statement.statement_no.startswith(marks.unblanked(words).upper(), autoescape=True)
    return [or_(Statement.merchant_id.in_(select(Merchant.id).where(named)), number)]


def _amount(amount_fen: int | None) -> Cell:
    """Without a sign, which way it goes in words; in a file positive is what the mall owes."""
    if amount_fen is None:
        return cells.NOTHING
    shown = cells.money(abs(amount_fen))
    return Cell(text=shown.text, small=wording.direction_of(amount_fen), value=cells.money(amount_fen).value)


def _status(workspace: Workspace, row: Listed) -> Cell:
    status = row.statement.status
    reason = row.statement.dispute_reason if status == StatementStatus.DISPUTED.value else None
    return cells.tag(wording.status_of(row.statement), TONES[status], small=reason or "")


def _invoice(workspace: Workspace, row: Listed) -> Cell:
    if row.statement.invoice_status == InvoiceStatus.OPEN.value:
        return Cell(text=INVOICES[row.statement.invoice_status])
    return cells.text(INVOICES[row.statement.invoice_status], small=row.statement.invoice_no or "")


def _due(workspace: Workspace, row: Listed) -> Cell:
    """By when an agreed one is to be paid, and how long that is; late ones stand out."""
    statement, today = row.statement, clock.business_date(clock.now())
    told = wording.due_of(statement, today=today)
    if not told or statement.due_on is None:
        return cells.NOTHING
    if wording.is_late(statement, today=today):
        return Cell(text=told, tone="bad", small=statement.due_on.isoformat(), value=statement.due_on)
    return Cell(text=statement.due_on.isoformat(), small=told, value=statement.due_on)


def _waiting(workspace: Workspace, row: Listed) -> Cell:
    """Since when it stands as it does."""
    since = row.statement.disputed_at if row.statement.status == StatementStatus.DISPUTED.value else None
    days = (clock.business_date(clock.now()) - clock.business_date(since or row.statement.issued_at)).days
    return Cell(text=f"{days} 天", value=days)


def _goes(way: str) -> ColumnElement[bool]:
    return func.sign(Statement.amount_fen) == _WAYS[way]


def text_sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    """What rows come to: which way it goes, and without a sign."""
    return [("合计", f"{wording.direction_of(sums[0])} {filters.yuan(abs(sums[0]))}")]


_NUMBER: Column[Listed] = columns.text("no", "结算单号", lambda row: row.statement.statement_no, look="num")
_PERIOD: Column[Listed] = Column(
    key="period",
    head="账期",
    cell=lambda _, row: Cell(text=month_text(row.statement.period), value=f"{row.statement.period:%Y-%m}"),
    look="num nowrap",
)
_COUNT: Column[Listed] = columns.count("count", "明细笔数", lambda row: row.statement.posting_count)
_INVOICE: Column[Listed] = Column(key="invoice", head="发票", cell=_invoice)
_DUE: Column[Listed] = Column(key="due", head="付款期限", cell=_due, look="right num nowrap", sort="due")
_EXTRA: tuple[Column[Listed], ...] = (
    columns.moment("issued", "出具时间", lambda row: row.statement.issued_at, is_extra=True),
    columns.text("paid", "凭证号", lambda row: row.statement.payment_reference, look="num", is_extra=True),
)
_SUM: tuple[Column[Listed], ...] = (
    Column(
        key="amount",
        head="金额",
        cell=lambda _, row: _amount(row.statement.amount_fen),
        look="right num",
        sort="amount",
    ),
    Column(key="before", head="上月", cell=lambda _, row: _amount(row.before_fen), look="right num"),
    Column(key="status", head="状态", cell=_status, look="wide"),
)
_MERCHANT: Column[Listed] = Column(
    key="merchant",
    head="商户",
    cell=lambda _, row: cells.text(row.named.merchant_name, small=row.named.merchant_code),
    look="main",
    is_fixed=True,
)
_MORE = tuple(replace(column, is_extra=True) for column in (_INVOICE, _COUNT, _EXTRA[0]))
_SEARCH = Search("商户名称、编号或结算单号", _find, is_open=True)
_DUE_DAYS = Days("due", "付款期限", Statement.due_on, is_date=True, is_due=True)
_WAY = Choice("way", "收付", _WAY_WORDS, _goes)
_INVOICED = Choice("invoice", "发票", INVOICES, lambda code: Statement.invoice_status == code, "全部发票状态")
_FILES = tuple(
    Act(f"下载 {words}", f"/due/batch/ticked/{suffix}", "statement.download")
    for suffix, words in (("xlsx", "Excel 明细"), ("csv", "CSV 明细"), ("pdf", "PDF"))
)
_PAY = Act("标记结清", "/due/batch/ticked/paid", "statement.pay", tone="accent")
_BY_NUMBER = both_ways("no", "单号倒序", "单号顺序", Statement.statement_no)
_BY_AMOUNT = both_ways(
    "amount",
    "应付商户从高到低",
    "应收商户从高到低",
    Statement.amount_fen,
    Statement.statement_no,
    is_short=True,
)
_BY_DUE = both_ways(
    "due",
    "付款期限从远到近",
    "付款期限从近到远",
    func.coalesce(Statement.due_on, date.max),
    Statement.statement_no,
    is_short=True,
)

_common: dict[str, Any] = {
    "permission": PERMISSION,
    "table": Statement,
    "read": _read,
    "link": lambda workspace, row: f"{workspace.base}/settlement/statements/{row.statement.statement_no}",
    "key": lambda row: row.statement.statement_no,
    "most_ticked": MOST_CHOSEN,
    "noun": "张",
    "icon": "settle",
    "amounts": (Statement.amount_fen,),
    "sums": text_sums,
}

STATEMENTS: Listing[Listed] = Listing(
    name="statements",
    title="结算单",
    about=_about,
    scope=_scope,
    columns=(_MERCHANT, _NUMBER, _COUNT, *_SUM, _INVOICE, replace(_DUE, is_extra=True), *_EXTRA),
    filters=(
        _SEARCH,
        _DUE_DAYS,
        Choice("status", "状态", STATUSES, lambda code: Statement.status == code, "全部状态"),
        _WAY,
        _INVOICED,
    ),
    sorts=(*reversed(_BY_NUMBER), *_BY_AMOUNT, *_BY_DUE),
    acts=(*_FILES, _PAY),
    nothing="暂无结算单",
    **_common,
)


def _open_scope(which: OpenList, workspace: Workspace) -> Sequence[ColumnElement[bool]]:
    return [*_scope(workspace), IS_OPEN, which.condition]


def _sorts(which: OpenList) -> tuple[Sort, ...]:
    """What was due first stands first; what nobody has agreed to, the oldest month."""
    by_month = both_ways("period", "账期从近到远", "账期从远到近", Statement.period, Statement.statement_no)
    if which not in _AGREED:
        return (*reversed(by_month), *_BY_AMOUNT)
    down, _ = both_ways("due", "付款期限从远到近", "", Statement.due_on, Statement.statement_no)
    return (Sort("due", "付款期限从近到远", DUE_ORDER), down, *_BY_AMOUNT)


def _open_list(which: OpenList) -> Listing[Listed]:
    is_agreed = which in _AGREED
    day = _DUE_DAYS if is_agreed else Days("issued", "出具日期", Statement.issued_at)
    waiting: Column[Listed] = Column(key="waiting", head="已等待", cell=_waiting, look="right num nowrap")
    return Listing(
        name=f"statements_{which.value}",
        title=f"结算单（{wording.OPEN_LABELS[which]}）",
        scope=partial(_open_scope, which),
        columns=(_MERCHANT, _PERIOD, _NUMBER, *_SUM, _DUE if is_agreed else waiting, *_MORE),
        filters=(_SEARCH, day, *(() if is_agreed else (_WAY,)), _INVOICED),
        sorts=_sorts(which),
        acts=(*_FILES, *((_PAY,) if is_agreed else ())),
        nothing=f"没有{wording.OPEN_LABELS[which]}的结算单",
        hint="已结清的结算单在「结算」的各月份里。",
        kept=("list",),
        **_common,
    )


OPEN_LISTS = {which: _open_list(which) for which in OpenList}
