"""What no platform writes: unsigned it is refused, signed it is understood or kept, and it breaks nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.payments.errors import AmountMismatch
from app.wechat import wecom
from app.wechat.callbacks import xml
from app.wechat.callbacks.envelope import Envelope, sorted_digest
from app.wechat.callbacks.push import MiniPush
from app.wechat.errors import CallbackRefused, CallbackUnread
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


@pytest.mark.parametrize("openid", ["o\0-1", "o\ud800-1", "o\x1d-1", "o\x7f-1"])
def test_characters_that_cannot_be_kept_are_dropped(openid: str) -> None:
    assert _read_push(json.dumps(SENT | {"FromUserName": openid})).openid == "o-1"
    raw = json.dumps(SENT).replace("o-1", openid).encode("utf-8", "replace").decode()
    assert _read_push(raw).openid.replace("?", "") == "o-1"


@pytest.mark.parametrize("content", ["<![CDATA[ \x1d]]>", "&#0;", "&#x1D;", "&#xFFFFFF;", "\ufffe"])
def test_xml_with_what_xml_does_not_have(content: str) -> None:
    text = f"<xml><FromUserName>oX</FromUserName><CreateTime>1773201600</CreateTime><Content>{content}</Content></xml>"
    assert _read_push(text).openid == "oX"


@pytest.mark.parametrize("name", ["FromUserName", "Event", "MsgId"])
def test_endless_ids_are_one_event_each(name: str) -> None:
    first, second = (_read_push(json.dumps(SENT | {name: "x" * 2_000 + end})).fact for end in "12")
    assert first != second and len(first) == len(second) == 64


@pytest.mark.parametrize("said", ["", "junk", "[1]", "{", "<xml>", "<xml/>", "<a></a>", "[" * 9_999, '{"a":' * 5_000])
def test_a_message_in_no_format_is_for_a_person(said: str) -> None:
    with pytest.raises(CallbackUnread) as unread:
        _read_push(said)
    assert unread.value.text == said


def _read_push(message: str) -> Any:
    encrypted = PlatformsEnvelope(TOKEN, KEY, APPID).encrypt(message)
    timestamp = str(int(NOW.timestamp()))
    query = {"timestamp": timestamp, "nonce": "1", "msg_signature": sorted_digest(TOKEN, timestamp, "1", encrypted)}
    push = MiniPush(Envelope(TOKEN, KEY, APPID))
    return push.read_event(json.dumps({"Encrypt": encrypted}).encode(), query, now=NOW)


def test_a_contact_whose_ids_are_endless() -> None:
    said = {"Event": "change_external_contact", "CreateTime": "1773201600", "ExternalUserID": "e" * 2_000}
    assert len(wecom.event_of(said, now=NOW).fact) == 64


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": [1]},
        {"amount": {"total": float("inf")}},
        {"amount": {"total": "a lot"}},
        {"payer": "o-1"},
        {"trade_state": "JUNK"},
        {"transaction_id": ""},
    ],
)
def test_an_order_that_says_nothing_sound(changed: dict[str, Any]) -> None:
    assert _notice("TRANSACTION.SUCCESS", PAID).order is not None
    with pytest.raises(notices.UNREADABLE):
        _notice("TRANSACTION.SUCCESS", PAID | changed)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-11T12:00:00+08:00",
        "2026-03-11T12:00:00",
        "2026-03-11 12:00:00",
        "20260311T120000+0800",
        "20260311120000",
        "1773201600",
        "1773201600000",
        1773201600,
    ],
)
def test_a_moment_is_understood_however_it_is_written(written: Any) -> None:
    order = _notice("TRANSACTION.SUCCESS", PAID | {"success_time": written}).order
    assert order is not None and order.paid_at == NOW and order.paid_at.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        None,
        "yesterday",
        "2026-03-11T12:00:00+23:59",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "99999999999999",
        "9" * 400,
        "2036-03-11T12:00:00+08:00",
    ],
)
def test_money_whose_moment_cannot_be_comes_now(written: Any) -> None:
    order = _notice("TRANSACTION.SUCCESS", PAID | {"success_time": written}).order
    assert order is not None and order.paid_at == NOW


def _notice(kind: str, resource: dict[str, Any]) -> notices.PayNotice:
    return notices.notice_of({"id": "EV-1", "event_type": kind, "resource": resource}, now=NOW)


@pytest.mark.parametrize("amount", [{"refund": float("inf")}, [1]])
def test_a_refund_that_says_nothing_sound(amount: Any) -> None:
    with pytest.raises(notices.UNREADABLE):
        _notice("REFUND.SUCCESS", {"out_refund_no": "R1", "refund_status": "SUCCESS", "amount": amount})


def test_money_of_another_currency_is_not_ours() -> None:
    dollars = notices.order_of(PAID | {"amount": {"total": 1_500, "currency": "USD"}}, now=NOW)
    with pytest.raises(AmountMismatch):
        payments.money_of(dollars)
    for amount in ({"total": 1_500, "currency": "CNY"}, {"total": 1_500}):
        money = payments.money_of(notices.order_of(PAID | {"amount": amount}, now=NOW))
        assert money is not None and money.amount_fen == 1_500


def test_an_order_nobody_paid_brings_no_money() -> None:
    unpaid = {"trade_state": "NOTPAY", "transaction_id": "", "success_time": None}
    assert payments.money_of(notices.order_of(PAID | unpaid, now=NOW)) is None
