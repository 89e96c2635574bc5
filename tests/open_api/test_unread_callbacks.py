"""What platforms sign is never refused for how it is written: it is understood, or kept and asked about."""

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.settings import Settings
from app.malls.models import Mall
from app.wechat.callbacks.envelope import sorted_digest
from app.wechat.callbacks.models import PlatformEvent
from sandbox.kit.envelope import Envelope
from sandbox.kit.settings import from_env
from sandbox.pay import signatures
from tests.builders.malls import make_mall
from tests.support import run

MINI, WECOM, PAY = "/open/v1/wechat/mini", "/open/v1/wecom/callback", "/open/v1/wechat-pay/notices"
PUSHED = "<xml><FromUserName>oX</FromUserName><CreateTime>1773201600</CreateTime>{}</xml>"


@pytest.fixture(autouse=True)
def mall(db_session: object) -> Mall:
    return make_mall()


class Platforms:
    """Signs and seals as the platforms do, whatever it is that they say."""

    def __init__(self, client: FlaskClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def mini(self, said: str) -> TestResponse:
        wechat = self._settings.wechat
        return self._push(MINI, wechat.mini_push_token, wechat.mini_push_aes_key, wechat.mini_appid, said)

    def wecom(self, said: str) -> TestResponse:
        wecom = self._settings.wecom
        return self._push(WECOM, wecom.callback_token, wecom.callback_aes_key, wecom.corp_id, said)

    def _push(self, path: str, token: str, key: str, receiver: str, said: str) -> TestResponse:
        sealed = Envelope(token, key, receiver).encrypt(said)
        timestamp = str(int(app_clock.now().timestamp()))
        query = {"timestamp": timestamp, "nonce": "1", "msg_signature": sorted_digest(token, timestamp, "1", sealed)}
        return self._client.post(path, query_string=query, data=f"<xml><Encrypt>{sealed}</Encrypt></xml>")

    def pay(self, resource: Mapping[str, Any], summary: str = "支付成功") -> TestResponse:
        notice = {"id": "EV-1", "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource"}
        notice |= {"summary": "{}", "resource": self.pay_keys().seal(resource, "transaction")}  # type: ignore[dict-item]
        return self.pay_signed(json.dumps(notice).replace("{}", summary))

    def pay_signed(self, said: str | bytes, **spoiled: str) -> TestResponse:
        body = said.encode() if isinstance(said, str) else said
        clock: Any = SimpleNamespace(now=lambda: app_clock.now().timestamp())
        return self._client.post(PAY, data=body, headers=self.pay_keys().headers(clock, body) | spoiled)

    def pay_keys(self) -> signatures.PayKeys:
        keys = signatures.load(from_env(run.environment("postgresql:///unused") | {"SANDBOX_DATA": "unused"}))
        assert keys is not None
        return keys


@pytest.fixture
def platforms(client: FlaskClient, settings: Settings) -> Platforms:
    return Platforms(client, settings)


def kept() -> list[PlatformEvent]:
    return list(db.session.scalars(select(PlatformEvent).order_by(PlatformEvent.id)))


def asked() -> list[tuple[str, str]]:
    return [(case.kind, case.reason) for case in db.session.scalars(select(Case).order_by(Case.id))]


@pytest.mark.parametrize("content", ["<Content><![CDATA[ \x1d]]></Content>", "<Content>&#x1d;\x00</Content>"])
def test_control_characters_are_no_reason_to_refuse(platforms: Platforms, content: str) -> None:
    mini, wecom = platforms.mini(PUSHED.format(content)), platforms.wecom(PUSHED.format(content))
    assert [(answer.status_code, answer.data) for answer in (mini, wecom)] == [(200, b"success"), (200, b"")]
    assert [event.channel for event in kept()] == ["mini", "wecom"] and asked() == []


@pytest.mark.parametrize("said", ["junk", "<xml>", "<a/>", "[1, 2]"])
def test_what_nobody_understands_is_kept_and_asked_about_once_a_day(platforms: Platforms, said: str) -> None:
    for text in (said, said, f"{said} again"):
        assert (platforms.mini(text).status_code, platforms.wecom(text).status_code) == (200, 200)
    assert [(event.channel, event.payload) for event in kept()] == [
        (channel, {"text": text}) for text in (said, f"{said} again") for channel in ("mini", "wecom")
    ]
    assert all(event.done_at is not None for event in kept())  # there is nothing for a worker to do
    assert asked() == [("callback_unread", "mini"), ("callback_unread", "wecom")]


def test_before_the_first_mall_it_is_kept_with_nobody_to_ask(mall: Mall, platforms: Platforms) -> None:
    db.session.delete(mall)
    db.session.flush()
    assert platforms.mini("junk").status_code == 200
    assert ([event.channel for event in kept()], asked()) == (["mini"], [])


def test_a_notice_of_a_state_nobody_knows_is_kept_and_asked_about(platforms: Platforms) -> None:
    assert platforms.pay({"out_trade_no": "P1", "trade_state": "TELEPORTED"}).status_code == 204
    assert [event.channel for event in kept()] == ["pay"]
    assert asked() == [("callback_unread", "pay")]


_SEALED = '{"id": "E", "resource": {"nonce": %s, "ciphertext": %s}}'


@pytest.mark.parametrize(
    "said",
    [
        *("junk", "[]", "{}", '{"id": "E", "resource": {"nonce": 1}}', "[" * 5000),
        *(_SEALED % parts for parts in [("5", '"QQ=="'), ('""', '"QQ=="'), ('"N"', "null"), ('"N"', '"***"')]),
    ],
)
def test_an_envelope_that_nobody_understands_is_kept_and_asked_about(platforms: Platforms, said: str) -> None:
    assert platforms.pay_signed(said).status_code == 204
    assert ([event.payload for event in kept()], asked()) == ([{"text": said}], [("callback_unread", "pay")])


@pytest.mark.parametrize(
    "said", [b"\xff\xfe", '{"id": "E", "summary": "支付成功"}'.encode("gb18030"), b"\x00\x80" * 500]
)
def test_a_signed_notice_that_is_no_utf_8_is_kept_once(platforms: Platforms, said: bytes) -> None:
    assert [platforms.pay_signed(said).status_code for _ in range(3)] == [204, 204, 204]
    (event,) = kept()
    assert "\\x" in event.payload["text"] and asked() == [("callback_unread", "pay")]


def test_what_is_sealed_in_a_notice_and_is_no_utf_8_is_kept(platforms: Platforms) -> None:
    nonce = "N" * 12
    ciphertext = AESGCM(platforms.pay_keys().apiv3_key).encrypt(nonce.encode(), b"\xff", b"")
    sealed = {"nonce": nonce, "ciphertext": b64encode(ciphertext).decode()}
    assert platforms.pay_signed(json.dumps({"id": "E", "resource": sealed})).status_code == 204
    assert [event.channel for event in kept()] == ["pay"]


@pytest.mark.parametrize(
    "spoiled", [{"Wechatpay-Signature": "QQ=="}, {"Wechatpay-Signature": "*"}, {"Wechatpay-Nonce": "x"}]
)
def test_what_is_not_signed_is_refused_and_not_kept(platforms: Platforms, spoiled: dict[str, str]) -> None:
    assert platforms.pay_signed(b"\xff", **spoiled).status_code == 403
    assert (kept(), asked()) == ([], [])


def test_a_notice_with_a_control_character_is_read(platforms: Platforms, settings: Settings) -> None:
    paid = {
        "mchid": settings.pay.mchid,
        "appid": "a",
        "out_trade_no": "nobody's",
        "transaction_id": "T1",
        "trade_state": "SUCCESS",
        "amount": {"total": 1},
        "success_time": "20260311120000",
        "attach": "\x1d",
    }
    answer = platforms.pay(paid, summary="支付\x1d成功")
    assert (answer.json or {})["error"]["code"] == "payment_order_not_found"  # so it was understood
    assert kept() == []


def test_the_reported_push_is_taken(platforms: Platforms) -> None:
    """A text with a control character in it, as somebody really sent one."""
    said = (Path(__file__).parent / "mini_push_control_character.xml").read_text(encoding="utf-8")
    assert (platforms.mini(said).status_code, platforms.mini(said).data) == (200, b"success")
    assert [event.fact for event in kept()] == ["text|oX|1795845600|77"]
