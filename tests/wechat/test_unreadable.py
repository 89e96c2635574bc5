"""What no platform writes: it is refused, whoever signed it, and breaks nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.payments.errors import AmountMismatch
from app.wechat import wecom
from app.wechat.callbacks import xml
from app.wechat.callbacks.envelope import Envelope, sorted_digest
from app.wechat.callbacks.push import MiniPush
from app.wechat.errors import CallbackRefused
from app.wechat.pay import notices
from app.workers import payments
from sandbox.kit.envelope import Envelope as PlatformsEnvelope

pytestmark = pytest.mark.no_database

NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN, APPID = "token", "wx-app"
SENT: dict[str, Any] = {"FromUserName": "o-1", "CreateTime": 1_773_201_600, "Event": "subscribe_msg_popup_event"}
PAID: dict[str, Any] = {
    "mchid": "1900000001",
    "appid": APPID,
    "out_trade_no": "P1",
    "transaction_id": "42001",
    "trade_state": "SUCCESS",
    "amount": {"total": 1_500, "currency": "CNY"},
    "payer": {"openid": "o-1"},
    "success_time": "2026-03-11T12:00:00+08:00",
}


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot_13", "mbcs", "utf-7", "undefined", ""])
def test_xml_in_an_odd_encoding(encoding: str) -> None:
    with pytest.raises(CallbackRefused):
        xml.parsed(f'<?xml version="1.0" encoding="{encoding}"?><xml><Encrypt>a</Encrypt></xml>'.encode())


@pytest.mark.parametrize(
    "changed",
    [
        {"FromUserName": "o\0-1"},
        {"FromUserName": "o\ud800-1"},
        {"List": [{"TemplateId": "t\0", "SubscribeStatusString": "accept"}]},
        {"FromUserName": "o" * 2_000},
        {"Event": "e" * 2_000},
        {"MsgId": "1" * 2_000},
    ],
)
def test_a_push_that_cannot_be_kept(changed: dict[str, Any]) -> None:
    assert _read_push(SENT).openid == "o-1"
    with pytest.raises(CallbackRefused):
        _read_push(SENT | changed)


def _read_push(message: dict[str, Any]) -> Any:
    encrypted = PlatformsEnvelope(TOKEN, KEY, APPID).encrypt(json.dumps(message))
    timestamp = str(int(NOW.timestamp()))
    query = {"timestamp": timestamp, "nonce": "1", "msg_signature": sorted_digest(TOKEN, timestamp, "1", encrypted)}
    push = MiniPush(Envelope(TOKEN, KEY, APPID))
    return push.read_event(json.dumps({"Encrypt": encrypted}).encode(), query, now=NOW)


def test_a_contact_whose_ids_are_endless() -> None:
    with pytest.raises(CallbackRefused):
        wecom.event_of({"Event": "change_external_contact", "CreateTime": "1773201600", "ExternalUserID": "e" * 2_000})


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": [1]},
        {"amount": {"total": float("inf")}},
        {"amount": {"total": "a lot"}},
        {"payer": "o-1"},
        {"trade_state": "JUNK"},
        {"transaction_id": ""},
        {"success_time": None},
        {"success_time": "yesterday"},
        {"success_time": "2026-03-11T12:00:00"},
    ],
)
def test_an_order_that_says_nothing_sound(changed: dict[str, Any]) -> None:
    assert _notice("TRANSACTION.SUCCESS", PAID).order is not None
    with pytest.raises(CallbackRefused):
        _notice("TRANSACTION.SUCCESS", PAID | changed)


def _notice(kind: str, resource: dict[str, Any]) -> notices.PayNotice:
    return notices.notice_of({"id": "EV-1", "event_type": kind, "resource": resource})


@pytest.mark.parametrize("amount", [{"refund": float("inf")}, [1]])
def test_a_refund_that_says_nothing_sound(amount: Any) -> None:
    with pytest.raises(CallbackRefused):
        _notice("REFUND.SUCCESS", {"out_refund_no": "R1", "refund_status": "SUCCESS", "amount": amount})


def test_money_of_another_currency_is_not_ours() -> None:
    dollars = notices.order_of(PAID | {"amount": {"total": 1_500, "currency": "USD"}})
    with pytest.raises(AmountMismatch):
        payments.money_of(dollars)
    for amount in ({"total": 1_500, "currency": "CNY"}, {"total": 1_500}):
        money = payments.money_of(notices.order_of(PAID | {"amount": amount}))
        assert money is not None and money.amount_fen == 1_500


def test_an_order_nobody_paid_brings_no_money() -> None:
    unpaid = {"trade_state": "NOTPAY", "transaction_id": "", "success_time": None}
    assert payments.money_of(notices.order_of(PAID | unpaid)) is None
