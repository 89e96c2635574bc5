"""The words of statements and of their downloads, as mall finance reads them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from app.settlement.ledger.models import PostingKind
from app.settlement.statements.explained import COUPON_KINDS
from app.settlement.statements.models import InvoiceStatus, Statement, StatementStatus
from app.settlement.statements.open_lists import OpenList
from app.settlement.statements.queries import ExplainedPosting

KIND_LABELS: Mapping[PostingKind, str] = MappingProxyType(
    {
        PostingKind.COUPON_MALL_SHARE: "优惠券·商场承担",
        PostingKind.COUPON_MERCHANT_SHARE: "优惠券·商户自担（仅列示，不结算）",
        PostingKind.PARKING_TIER: "等级免费停车·商场承担",
        PostingKind.COMMISSION: "会员消费佣金",
        PostingKind.POINTS_ISSUED: "消费赠送积分",
        PostingKind.POINTS_MALL_SHARE: "加赠积分·商场承担（仅列示，不结算）",
        PostingKind.POINTS_BRAND: "加赠积分·品牌方承担",
        PostingKind.POINTS_SPENT: "积分抵扣",
    }
)

# As the mall reads them; what an agreed one waits for, `status_of` says.
STATUS_LABELS: Mapping[StatementStatus, str] = MappingProxyType(
    {
        StatementStatus.ISSUED: "待商户确认",
        StatementStatus.DISPUTED: "商户有异议",
        StatementStatus.CONFIRMED: "待结清",
        StatementStatus.PAID: "已结清",
    }
)
_FOR_MERCHANT = {StatementStatus.ISSUED: "待您确认", StatementStatus.DISPUTED: "待商场答复"}
ANSWERED = "已答复，待您确认"

INVOICE_LABELS: Mapping[InvoiceStatus, str] = MappingProxyType(
    {
        InvoiceStatus.OPEN: "未开票",
        InvoiceStatus.ISSUED: "已开票",
        InvoiceStatus.WAIVED: "无需开票",
    }
)
OPEN_LABELS: Mapping[OpenList, str] = MappingProxyType(
    {
        OpenList.PAYABLE: "待付款",
        OpenList.RECEIVABLE: "待收款",
        OpenList.DISPUTED: "有异议",
        OpenList.UNCONFIRMED: "待商户确认",
    }
)

# What happened, in words: (posted, taken back); a coupon's campaign is named behind.
WHAT: Mapping[PostingKind, tuple[str, str]] = MappingProxyType(
    {
        PostingKind.COUPON_MALL_SHARE: ("核销", "撤销核销"),
        PostingKind.COUPON_MERCHANT_SHARE: ("核销", "撤销核销"),
        PostingKind.PARKING_TIER: ("等级免费停车", "撤销等级免费停车"),
        PostingKind.COMMISSION: ("会员消费", "会员退货"),
        PostingKind.POINTS_ISSUED: ("消费送积分", "退货收回积分"),
        PostingKind.POINTS_MALL_SHARE: ("消费加赠积分", "退货收回加赠积分"),
        PostingKind.POINTS_BRAND: ("品牌加赠积分", "退货收回品牌加赠积分"),
        PostingKind.POINTS_SPENT: ("积分抵扣", "撤销积分抵扣"),
    }
)
TITLE = ("「", "」")
UNKNOWN_COUPON = "优惠券"
PRINTED_TITLE = "商户结算单"
ROWS_ELSEWHERE = "明细较多，未随附打印；请在系统中下载 Excel 或 CSV 明细。"
NOTHING_POSTED = "本期无往来"

SIGN_NOTE = "明细金额为正：商场应付商户；为负：商户应付商场。"


def status_of(statement: Statement, *, for_merchant: bool = False) -> str:
    """How far a statement is, as the mall or the merchant reads it; an agreed one says who waits for money."""
    status = StatementStatus(statement.status)
    if status == StatementStatus.CONFIRMED and statement.amount_fen:
        receives = (statement.amount_fen > 0) == for_merchant
        return "待收款" if receives else "待付款"
    if status == StatementStatus.DISPUTED and for_merchant and statement.dispute_answer:
        return ANSWERED
    return _FOR_MERCHANT.get(status, STATUS_LABELS[status]) if for_merchant else STATUS_LABELS[status]


def direction_of(amount_fen: int, *, for_merchant: bool = False) -> str:
    """Which way a sum goes, as one of the two sides reads it; the sum itself then needs no sign."""
    if amount_fen == 0:
        return "无需收付"
    if (amount_fen > 0) == for_merchant:
        return "应收商场" if for_merchant else "应收商户"
    return "应付商场" if for_merchant else "应付商户"


def owed_by(amount_fen: int) -> str:
    """Which way a sum goes, as a paper for both sides has it."""
    if amount_fen == 0:
        return "本期无需收付"
    return "商场应付商户" if amount_fen > 0 else "商户应付商场"


def proof_of(amount_fen: int) -> str:
    """What shows the mall's finance that it is settled: money they sent, or money that came."""
    return "付款凭证" if amount_fen > 0 else "收款凭证" if amount_fen < 0 else "结清凭证"


def due_of(statement: Statement, *, today: date) -> str:
    """How long until the day on which an agreed statement is to be paid, or since; empty where nothing is to be."""
    if statement.status != StatementStatus.CONFIRMED or not statement.amount_fen or statement.due_on is None:
        return ""
    days = (statement.due_on - today).days
    return f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今天到期"


def due_within(days: int) -> str:
    """The payment terms of a statement that nobody has confirmed yet."""
    return f"确认后 {days} 天内" if days else "确认当天"


def is_late(statement: Statement, *, today: date) -> bool:
    """Whether its money should have come or gone before the day."""
    return due_of(statement, today=today).startswith("逾期")


def what_happened(row: ExplainedPosting) -> str:
    """A posting in words, such as `核销「周末满减券」`."""
    words = WHAT[PostingKind(row.kind)][row.takes_back]
    if row.kind not in COUPON_KINDS:
        return words
    opening, closing = TITLE
    return f"{words}{opening}{row.campaign_title or UNKNOWN_COUPON}{closing}"


def once_confirmed(amount_fen: int) -> str:
    """What happens after the merchant's yes; the mall owes the merchant a positive amount."""
    if amount_fen == 0:
        return "已确认，本月无需付款"
    return "已确认，商场财务会按此付款" if amount_fen > 0 else "已确认，请按此金额向商场付款"


ERRORS = {
    "statement_not_found": "未找到这张结算单",
    "statement_transition": "结算单当前状态不能进行此操作，请刷新后查看",
    "reason_missing": "请填写完整，不能为空",
    "statements_not_agreed": "这些结算单不是已确认待结清的状态，没有标记任何一张：{statement_nos}",
    "month_not_over": "当月尚未结束，次月 1 日起可以关账",
}

ACTIONS = {
    "statement.close": "关账",
    "statement.confirm": "确认结算单",
    "statement.dispute": "对结算单提出异议",
    "statement.answer": "答复异议",
    "statement.pay": "标记结清",
    "statement.invoice": "登记发票",
}

SUBJECTS = {
    "statement.": "结算",
}

NOUNS = {
    "statement": "结算单",
    "period": "账期",
}

FACTS = {
    "statement_no": "结算单号",
    "period": "账期",
    "issued": "出单",
    "answer": "答复",
    "reference": "凭证",
    "statement.invoice_status": "发票",
    "statement.invoice_no": "发票号",
}

VALUES = {
    "statement.invoice_status": {status.value: label for status, label in INVOICE_LABELS.items()},
}


def _tell_statements(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "statement_nos": "、".join(facts["statement_nos"])}


TOLD = {"statements_not_agreed": _tell_statements}
