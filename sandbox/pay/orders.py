"""Orders and refunds of WeChat Pay: what the platform remembers and the notices it sends."""

import datetime as dt
import json
import sqlite3
from enum import StrEnum
from typing import Any

import requests

from sandbox.kit import ids
from sandbox.kit.clock import SHANGHAI, Clock, rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.postman import Letter, Route
from sandbox.kit.world import World
from sandbox.pay.signatures import PayKeys
from sandbox.people import inbox, people

PREPAY_LIFE_S = 7200
STALE_S = 600
# Seconds between the platform's attempts, before scaling: 15 s, 15 s, 30 s, 3 min, 10 min …
SCHEDULE_S = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
DESCRIPTIONS = {"NOTPAY": "订单未支付", "SUCCESS": "支付成功", "REFUND": "转入退款", "CLOSED": "订单已关闭"}


class Signed(StrEnum):
    """How a notice is signed."""

    WELL = "well"
    WELL_ONCE = "well_once"  # and not sent again, because what it says is wrong
    WRONGLY = "wrongly"  # by the right key over another body
    LONG_AGO = "long_ago"  # well, and ten minutes too old


class _LongAgo(Clock):
    """A clock that is ten minutes behind the platform's."""

    def __init__(self, of: Clock) -> None:
        super().__init__()
        self._of = of

    def now(self) -> float:
        """Unix seconds, ten minutes ago."""
        return self._of.now() - STALE_S


def find(here: World, out_trade_no: str) -> sqlite3.Row | None:
    """An order by the merchant's number."""
    return here.store.one("SELECT * FROM orders WHERE out_trade_no = ?", out_trade_no)


def view(here: World, order: sqlite3.Row) -> dict[str, Any]:
    """An order as the query and the notice show it."""
    body = json.loads(order["body_json"])
    shown = {
        "appid": body["appid"],
        "mchid": body["mchid"],
        "out_trade_no": order["out_trade_no"],
        "trade_type": "JSAPI",
        "trade_state": order["state"],
        "trade_state_desc": DESCRIPTIONS[order["state"]],
        "attach": body.get("attach", ""),
        "payer": {"openid": order["openid"]},
        "amount": {"total": order["total_fen"], "currency": "CNY"},
    }
    if order["paid_at"] is not None:
        paid = {"payer_total": order["total_fen"], "payer_currency": "CNY"}
        shown |= {
            "transaction_id": order["transaction_id"],
            "bank_type": "OTHERS",
            "success_time": rfc3339(order["paid_at"]),
            "amount": shown["amount"] | paid,
        }
    return shown


def confirm(here: World, person_id: str, prepay_id: str) -> dict[str, Any]:
    """The person confirms the payment sheet. The order as queried; the notice is on its way.

    Raises ApiError: unknown or expired prepay_id, another person's, closed, already paid.
    """
    person = people.get(here.store, person_id)
    now = here.clock.now()
    with here.store.transaction():
        order = here.store.one("SELECT * FROM orders WHERE prepay_id = ?", prepay_id)
        if order is None or order["made_at"] + PREPAY_LIFE_S <= now:
            raise ApiError(404, "prepay_not_found", "requestPayment:fail 订单已过期")
        if order["openid"] not in (person["mini_openid"], person["oa_openid"]):
            raise ApiError(409, "payer_mismatch", "requestPayment:fail 下单账号与支付账号不一致")
        if order["state"] != "NOTPAY":
            text = "该订单已支付" if order["paid_at"] else "该订单已关闭"
            raise ApiError(409, "order_not_payable", f"requestPayment:fail {text}")
        day = dt.datetime.fromtimestamp(now, SHANGHAI).strftime("%Y%m%d")
        number = ids.digits(14, f"420000{day}")
        sql = "UPDATE orders SET state = 'SUCCESS', transaction_id = ?, paid_at = ? WHERE prepay_id = ?"
        here.store.write(sql, number, now, prepay_id)
        body = json.loads(order["body_json"])
        note = {"title": "支付凭证", "amount_fen": order["total_fen"], "text": body["description"]}
        inbox.put(here.store, here.clock, "pay", "微信支付", note, person_id=person_id)
    order = find(here, order["out_trade_no"])
    shown = view(here, order) if order else {}
    notify(here, body["notify_url"], "TRANSACTION.SUCCESS", "支付成功", "transaction", shown)
    return shown


def add_refund(here: World, order: sqlite3.Row, body: dict[str, Any]) -> dict[str, Any]:
    """Refund (part of) a paid order; refunds finish at once, the first answer still says PROCESSING.

    The caller has checked the amounts; it holds the transaction.
    """
    refund_fen = body["amount"]["refund"]
    here.store.insert(
        "refunds",
        out_refund_no=body["out_refund_no"],
        refund_id=ids.digits(23, "503000"),
        out_trade_no=order["out_trade_no"],
        refund_fen=refund_fen,
        body_json=json.dumps(body, ensure_ascii=False),
        made_at=here.clock.now(),
    )
    here.store.write("UPDATE orders SET state = 'REFUND' WHERE out_trade_no = ?", order["out_trade_no"])
    person = people.find(here.store, "mini_openid", order["openid"]) or people.find(
        here.store, "oa_openid", order["openid"]
    )
    note = {"title": "退款到账通知", "amount_fen": refund_fen, "text": body.get("reason") or "商家退款"}
    inbox.put(here.store, here.clock, "pay", "微信支付", note, person_id=person["id"] if person else None)
    refund = here.store.one("SELECT * FROM refunds WHERE out_refund_no = ?", body["out_refund_no"])
    return refund_view(here, refund, "PROCESSING") if refund else {}


def refunded_fen(here: World, out_trade_no: str) -> int:
    """What has been given back of an order, in fen."""
    sql = "SELECT coalesce(sum(refund_fen), 0) AS fen FROM refunds WHERE out_trade_no = ?"
    row = here.store.one(sql, out_trade_no)
    return int(row["fen"]) if row else 0


def refund_view(here: World, refund: sqlite3.Row, status: str = "SUCCESS") -> dict[str, Any]:
    """A refund as the API shows it."""
    order = find(here, refund["out_trade_no"])
    if order is None:
        raise ValueError(refund["out_trade_no"])
    paid, back = order["total_fen"], refund["refund_fen"]
    amount = {"total": paid, "refund": back, "payer_total": paid, "payer_refund": back, "currency": "CNY"}
    shown = {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": order["transaction_id"],
        "out_trade_no": refund["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(refund["made_at"]),
        "status": status,
        "amount": amount | {"settlement_total": paid, "settlement_refund": back, "discount_refund": 0},
    }
    return shown | ({"success_time": rfc3339(refund["made_at"])} if status == "SUCCESS" else {})


def notify_refund(here: World, refund: sqlite3.Row) -> None:
    """Send REFUND.SUCCESS, or how else it ended by a fault, to the refund's notify_url, or the order's."""
    order = find(here, refund["out_trade_no"])
    if order is None:
        raise ValueError(refund["out_trade_no"])
    url = json.loads(refund["body_json"]).get("notify_url") or json.loads(order["body_json"])["notify_url"]
    shown = refund_view(here, refund)
    names = ("out_trade_no", "transaction_id", "out_refund_no", "refund_id", "success_time", "user_received_account")
    resource = {"mchid": here.settings.pay_mchid, **{name: shown[name] for name in names}}
    amount = {name: shown["amount"][name] for name in ("total", "refund", "payer_total", "payer_refund")}
    fault = here.faults.strike("refund_fails", "pay", "REFUND")
    status, summary = (fault.value, "退款异常") if fault else ("SUCCESS", "退款成功")
    resource |= {"refund_status": status, "amount": amount}
    notify(here, url, f"REFUND.{status}", summary, "refund", resource)


def notify(
    here: World,
    url: str,
    event: str,
    summary: str,
    kind: str,
    resource: dict[str, Any],
    *,
    how: Signed = Signed.WELL,
    told: str = "",
) -> None:
    """Queue a notice; it keeps its id over all attempts, and is signed afresh for each.

    What is wrong on purpose is sent once; `told` names for a page how it was told.
    """
    scale = here.settings.pay_retry_scale
    if here.faults.strike("unknown_fields", "pay", event):
        resource = resource | {"sandbox_unknown": {"nested": ["value"]}}
    notice = {"id": f"EV-{ids.digits(24)}", "create_time": rfc3339(here.clock.now()), "event_type": event}
    notice |= {"resource_type": "encrypt-resource", "summary": summary}
    payload = {"url": url, "notice": notice, "kind": kind, "resource": resource, "signed": how.value, "told": told}
    delays = [delay * scale for delay in SCHEDULE_S] if how is Signed.WELL else []
    here.postman.post("pay", event, payload, delays)


def route(here: World, keys: PayKeys) -> Route:
    """How the postman delivers notices: sealed and signed; 200 and 204 mean taken."""

    def build(payload: dict[str, Any]) -> Letter:
        notice = payload["notice"] | {"resource": keys.seal(payload["resource"], payload["kind"])}
        body = json.dumps(notice, ensure_ascii=False).encode()
        head = _head(here, keys, Signed(payload.get("signed", Signed.WELL)), notice["event_type"], body)
        return Letter(payload["url"], {"Content-Type": "application/json", **head}, body)

    return Route(build, _is_taken)


def _head(here: World, keys: PayKeys, how: Signed, event: str, body: bytes) -> dict[str, str]:
    if how is Signed.WRONGLY:
        return keys.headers(here.clock, body + b" ")
    return keys.headers(_LongAgo(here.clock), body) if how is Signed.LONG_AGO else keys.signed(here, event, body)


def _is_taken(answer: requests.Response) -> bool:
    return answer.status_code in (200, 204)
