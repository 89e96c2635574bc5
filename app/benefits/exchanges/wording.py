"""Words for exchanges; edges alone use them."""

from app.benefits.exchanges.models import ExchangeStatus
from app.kernel import money

ERRORS = {
    "exchange_price_changed": "兑换价刚刚有变化，请刷新后再兑换",
    "exchange_not_found": "未找到这笔兑换",
}

# Why a ledger moved.
REASONS = {"exchange": "兑换「{title}」"}

STATUSES = {
    ExchangeStatus.AWAITING_CASH.value: "待支付",
    ExchangeStatus.DONE.value: "已兑换",
    ExchangeStatus.RELEASED.value: "已取消",
}

NOUNS = {"exchange": "积分兑换"}

# What members read before they say yes, and operators on the form.
RULE = "兑换后不退积分和现金；未使用的券到期作废。"


def price(points: int, cash_fen: int) -> str:
    """`500 积分`, or `500 积分 + ¥9.90`."""
    cash = f" + ¥{money.yuan_text(cash_fen)}" if cash_fen else ""
    return f"{points:,} 积分{cash}"
