"""The mini-program's API: one-time codes, pictures, subscribe messages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.kit import qr
from sandbox.kit.settings import DEFAULT_PAGES
from sandbox.kit.world import World
from tests.sandbox.product import Product

ROOT = Path(__file__).resolve().parents[2]
Call = Callable[..., dict[str, Any]]
SESSION = "/sns/jscode2session?appid=wxsandboxmini0001&secret=mini-secret&grant_type=authorization_code&js_code="
SEND = "/cgi-bin/message/subscribe/send"
DATA = {
    "thing1": {"value": "2 小时停车券"},
    "time2": {"value": "2026年11月24日 22:00"},
    "thing3": {"value": "到店出示会员码即可使用"},
}


def _login_code(client: FlaskClient, person: str = "p-lin") -> str:
    return str(client.post(f"/phone/api/people/{person}/login-code").get_json()["code"])


def _person(client: FlaskClient, person: str = "p-lin") -> dict[str, Any]:
    return dict(client.get(f"/phone/api/people/{person}").get_json())


def test_a_login_code_opens_one_session(client: FlaskClient) -> None:
    code, person = _login_code(client), _person(client)
    answer = client.get(SESSION + code)
    assert answer.mimetype == "text/plain"
    body = answer.get_json(force=True)
    assert (body["openid"], body["unionid"]) == (person["openid"], person["unionid"])
    assert len(body["session_key"]) == 24
    assert "errcode" not in body
    assert client.get(SESSION + code).get_json(force=True)["errcode"] == 40163


def test_a_login_code_dies_after_five_minutes(client: FlaskClient, world: World) -> None:
    code = _login_code(client)
    world.clock.offset_s += 301
    assert client.get(SESSION + code).get_json(force=True)["errcode"] == 40029


def test_the_phone_buttons_code_gives_the_number_once(client: FlaskClient, call: Call) -> None:
    code = client.post("/phone/api/people/p-lin/phone-code").get_json()["code"]
    info = call("mini", "/wxa/business/getuserphonenumber", {"code": code})["phone_info"]
    assert info["purePhoneNumber"] == "13800000001"
    assert call("mini", "/wxa/business/getuserphonenumber", {"code": code})["errcode"] == 40029


def test_a_login_code_is_no_phone_code_and_stays_good(client: FlaskClient, call: Call) -> None:
    code = _login_code(client)
    assert call("mini", "/wxa/business/getuserphonenumber", {"code": code})["errcode"] == 40029
    assert "openid" in client.get(SESSION + code).get_json(force=True)


def test_a_phone_code_with_another_persons_openid_is_refused_and_not_burnt(client: FlaskClient, call: Call) -> None:
    code = client.post("/phone/api/people/p-lin/phone-code").get_json()["code"]
    other = {"code": code, "openid": _person(client, "p-chen")["openid"]}
    assert call("mini", "/wxa/business/getuserphonenumber", other)["errcode"] == 40003
    own = {"code": code, "openid": _person(client)["openid"]}
    assert call("mini", "/wxa/business/getuserphonenumber", own)["errcode"] == 0


@pytest.mark.parametrize(("clear", "mimetype"), [(False, "image/jpeg"), (True, "image/png")])
def test_a_code_is_a_picture_that_can_be_scanned(
    client: FlaskClient, token: Callable[[str], str], clear: bool, mimetype: str
) -> None:
    body = {"scene": "E7kQ2mXa", "page": "pages/join/index", "width": 300, "is_hyaline": clear}
    answer = client.post(f"/wxa/getwxacodeunlimit?access_token={token('mini')}", json=body)
    assert answer.mimetype == mimetype
    assert qr.read(answer.get_data()) == "pages/join/index?scene=E7kQ2mXa"
    codes = client.get("/phone/api/codes").get_json()["mini_program"]
    assert [(c["page"], c["scene"]) for c in codes] == [("pages/join/index", "E7kQ2mXa")]


def test_the_phone_says_where_a_code_hangs(client: FlaskClient, token: Callable[[str], str], product: Product) -> None:
    client.post(
        f"/wxa/getwxacodeunlimit?access_token={token('mini')}", json={"scene": "E7kQ2mXa", "page": "pages/join/index"}
    )
    product.answers.append((503, {}))
    assert client.get("/phone/api/codes").get_json()["mini_program"][0]["hangs_at"] == ""
    product.answers.append((200, {"mall": {"name": "悦汇城"}, "name": "3 号电梯屏"}))
    assert client.get("/phone/api/codes").get_json()["mini_program"][0]["hangs_at"] == "悦汇城 · 3 号电梯屏"
    assert [asked.target for asked in product.received] == ["/api/v1/entrances/E7kQ2mXa"] * 2
    client.get("/phone/api/codes")
    assert len(product.received) == 2


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"scene": "x" * 33}, 40169),
        ({"scene": ""}, 40169),
        ({"scene": 7}, 40169),
        ({"scene": "a%20b"}, 40129),
        ({"scene": "入口"}, 40129),
        ({"page": "pages/none/index"}, 41030),
        ({"page": "/pages/join/index"}, 41030),
        ({"page": "pages/join/index?a=1"}, 41030),
        ({"width": 100}, 40097),
        ({"env_version": "old"}, 40097),
    ],
)
def test_a_code_that_breaks_the_rules_is_refused(call: Call, changes: dict[str, Any], errcode: int) -> None:
    body = {"scene": "S1", "page": "pages/join/index", **changes}
    assert call("mini", "/wxa/getwxacodeunlimit", body)["errcode"] == errcode


def test_an_unpublished_page_passes_without_the_check(client: FlaskClient, token: Callable[[str], str]) -> None:
    body = {"scene": "S1", "page": "pages/new/index", "check_path": False}
    answer = client.post(f"/wxa/getwxacodeunlimit?access_token={token('mini')}", json=body)
    assert answer.mimetype == "image/jpeg"


def test_a_body_without_content_type_is_read(client: FlaskClient, token: Callable[[str], str]) -> None:
    answer = client.post(f"/wxa/getwxacodeunlimit?access_token={token('mini')}", data=b'{"scene": "S2"}')
    assert answer.mimetype == "image/jpeg"
    broken = client.post(f"/wxa/getwxacodeunlimit?access_token={token('mini')}", data=b"scene=S2")
    assert broken.get_json()["errcode"] == 47001


def _accept(client: FlaskClient, *templates: str, **more: Any) -> dict[str, str]:
    body = {"results": dict.fromkeys(templates, "accept"), **more}
    return dict(client.post("/phone/api/people/p-lin/subscribe", json=body).get_json())


def _send(client: FlaskClient, call: Call, **changes: Any) -> dict[str, Any]:
    message = {"touser": _person(client)["openid"], "template_id": "tmpl-benefit", "data": DATA, **changes}
    return call("mini", SEND, {**message, "miniprogram_state": "formal", "lang": "zh_CN"})


def test_one_consent_is_one_message(client: FlaskClient, call: Call) -> None:
    assert _send(client, call)["errcode"] == 43101
    assert _accept(client, "tmpl-benefit") == {"tmpl-benefit": "accept"}
    assert _send(client, call, page="pages/coupon/index?id=7")["errcode"] == 0
    assert _send(client, call)["errcode"] == 43101
    messages = client.get("/phone/api/people/p-lin/messages?channel=subscribe").get_json()["items"]
    assert [m["title"] for m in messages] == ["权益到期提醒"]
    assert messages[0]["lines"][0] == {"label": "权益名称", "value": "2 小时停车券"}
    assert messages[0]["page"] == "pages/coupon/index?id=7"


def test_a_refused_dialog_adds_nothing(client: FlaskClient, call: Call) -> None:
    body = {"results": {"tmpl-benefit": "reject"}}
    assert client.post("/phone/api/people/p-lin/subscribe", json=body).get_json() == {"tmpl-benefit": "reject"}
    assert _send(client, call)["errcode"] == 43101


def test_a_remembered_answer_is_given_again_and_adds_again(client: FlaskClient, call: Call) -> None:
    _accept(client, "tmpl-benefit", remember=True)
    body = {"results": {"tmpl-benefit": "reject"}}
    assert client.post("/phone/api/people/p-lin/subscribe", json=body).get_json() == {"tmpl-benefit": "accept"}
    assert [_send(client, call)["errcode"] for _ in range(3)] == [0, 0, 43101]


def test_switching_a_template_off_takes_the_consents_away(client: FlaskClient, call: Call) -> None:
    _accept(client, "tmpl-benefit", remember=True)
    client.delete("/phone/api/people/p-lin/subscriptions/tmpl-benefit")
    assert _send(client, call)["errcode"] == 43101


def test_a_message_that_is_refused_leaves_the_consent(client: FlaskClient, call: Call) -> None:
    _accept(client, "tmpl-benefit")
    assert _send(client, call, touser="o-nobody")["errcode"] == 40003
    assert _send(client, call, template_id="tmpl-none")["errcode"] == 40037
    assert _send(client, call, page="pages/none/index")["errcode"] == 41030
    long = _send(client, call, data={**DATA, "thing1": {"value": "长" * 21}})
    assert long["errcode"] == 47003 and "data.thing1.value invalid" in long["errmsg"]
    empty = _send(client, call, data={"thing1": {"value": "x"}})
    assert empty["errcode"] == 47003 and "data.time2.value is empty" in empty["errmsg"]
    assert _send(client, call, data='{"thing1": {}}')["errcode"] == 47003
    assert _send(client, call)["errcode"] == 0


def test_the_dialog_takes_three_known_templates_at_most(client: FlaskClient) -> None:
    def status(results: dict[str, str]) -> int:
        return client.post("/phone/api/people/p-lin/subscribe", json={"results": results}).status_code

    assert status({"tmpl-none": "accept"}) == 422
    assert status({}) == 422
    assert status({"tmpl-benefit": "maybe"}) == 422
    assert status({"tmpl-benefit": "accept", "tmpl-activity": "accept", "tmpl-member-day": "reject"}) == 200


def test_the_published_pages_are_those_of_the_mini_program() -> None:
    pages = (ROOT / "miniprogram/src/pages.json").read_text(encoding="utf-8")
    published = [f"pages/{name}/index" for name in DEFAULT_PAGES.split()]
    assert sorted(re.findall(r'"path": "([^"]+)"', pages)) == sorted(published)
