"""What the platform tells the mall of the circle: truly, or wrongly in ways that the mall must see through."""

import sqlite3
from enum import StrEnum
from typing import Any

from sandbox.circle import facts
from sandbox.kit import ids
from sandbox.kit.clock import rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.world import World
from sandbox.pay import orders
from sandbox.pay.orders import Signed

PATH = "/open/v1/wechat-pay/circle-notices"
MALL = "沙盒商圈"
KIND = "mall"


class How(StrEnum):
    """How a notice is told."""

    ONCE = "once"
    TWICE = "twice"
    WRONGLY_SIGNED = "wrongly_signed"
    SIGNED_LONG_AGO = "signed_long_ago"
    NEGATIVE = "negative"
    HUGE = "huge"
    OTHER_SUM = "other_sum"
    OTHER_PAYER = "other_payer"
    OTHER_APP = "other_app"
    OTHER_CIRCLE = "other_circle"


_SIGNED = {How.WRONGLY_SIGNED: Signed.WRONGLY, How.SIGNED_LONG_AGO: Signed.LONG_AGO}
# What was true is told after these as after nothing: the mall must not have taken them.
_LIES = frozenset(How) - {How.ONCE, How.TWICE}


def read_how(text: object) -> How:
    """How, as a page or a test says it; raises ApiError."""
    try:
        return How(str(text or How.ONCE))
    except ValueError:
        raise ApiError(422, "how_unknown", f"how must be one of {', '.join(How)}") from None


def tell_card(here: World, card: sqlite3.Row) -> None:
    """Tell the mall that a card was opened."""
    is_full = card["state"] == facts.AUTHORISED
    mode = "REGISTERED_AND_AUTHORIZATION_MODE" if is_full else "REGISTERED_MODE"
    said = {"openid": card["openid"], "code": card["code"], "mchid": here.settings.pay_mchid, "auth_type": mode}
    _send(here, "MALL_AUTH.ACTIVATE_CARD", "会员开通商圈积分", said, How.ONCE)


def tell_payment(here: World, payment: sqlite3.Row, how: How) -> None:
    """Tell the mall of a payment."""
    said = _where(here, payment) | {"amount": payment["amount_fen"], "time_end": rfc3339(payment["paid_at"])}
    if payment["by_hand"]:
        said["commit_tag"] = "USER_COMMIT"
    _send(here, "MALL_TRANSACTION.SUCCESS", "商圈支付成功", _bent(said, "amount", how), how)
    if how not in _LIES:
        facts.note_told(here, "circle_payments", "transaction_id", payment["transaction_id"])


def tell_refund(here: World, refund: sqlite3.Row, how: How) -> None:
    """Tell the mall of a refund."""
    payment = facts.get_payment(here, refund["transaction_id"])
    sums = {"pay_amount": payment["amount_fen"], "refund_amount": refund["refund_fen"]}
    said = _where(here, payment) | sums | {"refund_id": refund["refund_id"], "refund_time": rfc3339(refund["at"])}
    _send(here, "MALL_REFUND.SUCCESS", "商圈退款成功", _bent(said, "refund_amount", how), how)
    if how not in _LIES:
        facts.note_told(here, "circle_refunds", "refund_id", refund["refund_id"])


def tell_waiting_refunds(here: World, transaction_id: str) -> None:
    """The mall has said what the payment earned: now it hears of its refunds."""
    for refund in facts.list_refunds(here, transaction_id):
        if refund["state"] == facts.WAITS:
            tell_refund(here, refund, How.ONCE)


def _where(here: World, payment: sqlite3.Row) -> dict[str, Any]:
    return {
        "mchid": here.settings.pay_mchid,
        "merchant_name": MALL,
        "shop_name": payment["shop_name"],
        "shop_number": payment["shop_number"],
        "appid": here.settings.mini_appid,
        "openid": payment["openid"],
        "transaction_id": payment["transaction_id"],
    }


def _bent(said: dict[str, Any], amount: str, how: How) -> dict[str, Any]:
    """What is said instead of the truth."""
    bent: dict[How, dict[str, Any]] = {
        How.NEGATIVE: {amount: -abs(said[amount]) - 1},
        How.HUGE: {amount: 10**12},
        How.OTHER_SUM: {amount: said[amount] + 1},
        How.OTHER_PAYER: {"openid": ids.token(22, "oSBmini")},
        How.OTHER_APP: {"appid": "wxsandboxother01"},
        How.OTHER_CIRCLE: {"mchid": "1900009999"},
    }
    return said | bent.get(how, {})


def _send(here: World, event: str, summary: str, said: dict[str, Any], how: How) -> None:
    signed = _SIGNED.get(how, Signed.WELL if how not in _LIES else Signed.WELL_ONCE)
    for _ in range(2 if how is How.TWICE else 1):
        orders.notify(here, here.settings.product_url + PATH, event, summary, KIND, said, how=signed, told=how.value)
