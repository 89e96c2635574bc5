"""Words for exchanges; edges alone use them."""

from app.benefits.exchanges.models import ExchangeStatus
from app.kernel import money

ERRORS = {
    "exchange_price_changed": "兑换价刚刚有变化，请刷新后再兑换",
    "exchange_not_found": "未找到这笔兑换",
    "exchange_not_done": "这笔兑换没有完成，或已经退回",
    "exchange_coupon_used": "券已使用、已过期或已转给合并后的会员，不能退回",
}

# Why a ledger moved.
REASONS = {"exchange": "兑换「{title}」", "exchange_back": "退回兑换「{title}」"}

ACTIONS = {"exchange.give_back": "退回积分兑换"}

STATUSES = {
    ExchangeStatus.AWAITING_CASH.value: "待支付",
    ExchangeStatus.DONE.value: "已兑换",
    ExchangeStatus.RELEASED.value: "已取消",
    ExchangeStatus.REFUNDED.value: "已退回",
}

SUBJECTS = {"exchange.": "积分兑换"}

NOUNS = {"exchange": "积分兑换"}

FACTS = {"exchange.cash_fen": "退还现金", "exchange.points": "退还积分"}

# What members read before they say yes, and operators on the form.
RULE = "未使用的券在有效期内可到服务台退回，积分和现金原路退还；使用后或过期不退。"


def price(points: int, cash_fen: int) -> str:
    """`500 积分`, or `500 积分 + ¥9.90`."""
    cash = f" + ¥{money.yuan_text(cash_fen)}" if cash_fen else ""
    return f"{points:,} 积分{cash}"
