"""Faults over the wire: what a caller sees, and how they count down."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from sandbox.kit.world import World
from tests.support.patience import PATIENCE_S

SESSION = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"


def _on(live: str, **fault: Any) -> None:
    assert requests.post(f"{live}/faults", json=fault, timeout=PATIENCE_S).status_code == 201


def test_errcode_strikes_the_next_calls_of_one_endpoint_only(client: FlaskClient) -> None:
    client.post(
        "/faults", json={"kind": "errcode", "platform": "mini", "endpoint": SESSION, "value": 45011, "times": 2}
    )
    assert client.post(PHONE, json={}).get_json()["errcode"] == 41001
    codes = [client.get(SESSION).get_json(force=True)["errcode"] for _ in range(3)]
    assert codes == [45011, 45011, 41002]


def test_a_fault_without_a_count_strikes_until_it_is_cleared(client: FlaskClient) -> None:
    made = client.post("/faults", json={"kind": "http", "platform": "mini", "value": 502}).get_json()
    assert [client.get(SESSION).status_code for _ in range(4)] == [502] * 4
    assert client.get("/connect/oauth2/authorize").status_code == 400
    assert client.delete(f"/faults/{made['id']}").status_code == 204
    assert client.get(SESSION).status_code == 200
    client.post("/faults", json={"kind": "http", "value": 500})
    client.delete("/faults")
    assert client.get("/faults").get_json()["items"] == []


def test_expiring_tokens_acts_at_once(client: FlaskClient, token: Callable[[str], str]) -> None:
    mini, corp = token("mini"), token("wecom")
    answer = client.post("/faults", json={"kind": "expire_token", "platform": "mini"})
    assert answer.get_json() == {"expired": 1}
    assert client.post(f"{PHONE}?access_token={mini}", json={}).get_json()["errcode"] == 42001
    path = f"/cgi-bin/externalcontact/get_corp_tag_list?access_token={corp}"
    assert client.post(path, json={}).get_json()["errcode"] == 0
    assert token("mini") != mini


def test_rejected_tokens_are_refused_however_fresh(client: FlaskClient, token: Callable[[str], str]) -> None:
    client.post("/faults", json={"kind": "reject_token", "platform": "mini"})
    for _ in range(2):
        answer = client.post(f"{PHONE}?access_token={token('mini')}", json={})
        assert answer.get_json()["errcode"] == 40001


def test_latency_is_felt(client: FlaskClient) -> None:
    client.post("/faults", json={"kind": "latency", "platform": "mini", "value": 120, "times": 1})
    started = time.perf_counter()
    client.get(SESSION)
    assert time.perf_counter() - started >= 0.12


def test_a_reset_connection_gives_no_answer_and_does_nothing(live: str) -> None:
    code = requests.post(f"{live}/phone/api/people/p-lin/login-code", timeout=PATIENCE_S).json()["code"]
    query = {"appid": "wxsandboxmini0001", "secret": "mini-secret", "js_code": code}
    _on(live, kind="reset", platform="mini", times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(live + SESSION, params=query, timeout=PATIENCE_S)
    assert "openid" in requests.get(live + SESSION, params=query, timeout=PATIENCE_S).json()


def test_a_late_reset_gives_no_answer_but_has_done_the_work(live: str) -> None:
    code = requests.post(f"{live}/phone/api/people/p-lin/login-code", timeout=PATIENCE_S).json()["code"]
    query = {"appid": "wxsandboxmini0001", "secret": "mini-secret", "js_code": code}
    _on(live, kind="reset_after", platform="mini", times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(live + SESSION, params=query, timeout=PATIENCE_S)
    assert requests.get(live + SESSION, params=query, timeout=PATIENCE_S).json()["errcode"] == 40163


def test_an_empty_body_comes_with_status_200(client: FlaskClient) -> None:
    client.post("/faults", json={"kind": "empty", "platform": "mini", "times": 1})
    answer = client.get(SESSION)
    assert (answer.status_code, answer.get_data()) == (200, b"")


def test_sms_and_pay_faults_speak_their_own_tongue(client: FlaskClient) -> None:
    client.post("/faults", json={"kind": "errcode", "platform": "sms", "value": "busy"})
    assert client.post("/sms/v1/messages").get_json() == {"ok": False, "error": "busy"}
    client.post("/faults", json={"kind": "errcode", "platform": "pay", "value": "SYSTEM_ERROR"})
    answer = client.post("/v3/pay/transactions/jsapi")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "SYSTEM_ERROR")


def test_a_welcome_code_in_use_is_busy(
    client: FlaskClient, live: str, call: Callable[..., dict[str, Any]], token: Callable[[str], str], world: World
) -> None:
    way = call("wecom", "/cgi-bin/externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["mall-service"]})
    added = client.post("/phone/api/people/p-lin/wecom/add", json={"config_id": way["config_id"]}).get_json()
    world.store.write("UPDATE welcome_codes SET progress = 'sending'")
    body = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}}
    assert call("wecom", "/cgi-bin/externalcontact/send_welcome_msg", body)["errcode"] == 41096


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "earthquake"},
        {"kind": "http"},
        {"kind": "http", "value": "200"},
        {"kind": "latency", "value": "soon"},
        {"kind": "reset", "platform": "telegram"},
        {"kind": "reset", "times": 0},
        {"kind": "reset", "times": "2"},
    ],
)
def test_a_senseless_fault_is_refused(client: FlaskClient, fault: dict[str, Any]) -> None:
    assert client.post("/faults", json=fault).status_code == 422


def test_the_request_log_holds_no_secrets(client: FlaskClient, token: Callable[[str], str]) -> None:
    good = token("mini")
    code = client.post("/phone/api/people/p-lin/login-code").get_json()["code"]
    query = {"appid": "wxsandboxmini0001", "secret": "mini-secret", "js_code": code}
    client.get(SESSION, query_string=query)
    client.post(f"{PHONE}?access_token={good}", json={"code": "phone-code-1", "openid": "o-1"})
    client.get("/cgi-bin/gettoken?corpid=wwsandbox0001&corpsecret=corp-secret")
    text = client.get("/requests").get_data(as_text=True)
    assert SESSION in text and PHONE in text
    for secret in (good, code, "mini-secret", "corp-secret", "phone-code-1", 'o-1"'):
        assert secret not in text


def test_pages_are_pages_for_a_browser(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    client.post("/faults", json={"kind": "errcode", "value": "1", "platform": "sms"})
    for path in ("/faults", "/requests", "/callbacks", "/till", "/sms", "/phone"):
        answer = client.get(path, headers=browser)
        assert answer.status_code == 200 and answer.mimetype == "text/html"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "style=" not in answer.get_data(as_text=True)
