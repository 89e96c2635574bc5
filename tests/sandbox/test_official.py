"""The official account: OAuth, template messages, the JS-SDK ticket."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from sandbox.kit.world import World
from tests.sandbox.product import Product

TOKEN = "/sns/oauth2/access_token?appid=wxsandboxoa00001&secret=oa-secret&grant_type=authorization_code&code="
DATA = {
    "thing1": {"value": "林晓梅"},
    "number2": {"value": 120},
    "number3": {"value": "1320"},
    "time4": {"value": "2026-11-22 10:00"},
}


def _authorize(product: Product, **changes: str) -> str:
    query = {
        "appid": "wxsandboxoa00001",
        "redirect_uri": f"{product.url}/h5/oauth?next=card",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s-1",
        **changes,
    }
    return f"/connect/oauth2/authorize?{urlencode(query)}"


def test_snsapi_base_passes_the_known_person_through(client: FlaskClient, product: Product) -> None:
    answer = client.get(_authorize(product, person="p-lin"))
    assert answer.status_code == 302
    target = urlsplit(answer.location)
    given = parse_qs(target.query)
    assert answer.location.startswith(f"{product.url}/h5/oauth?next=card&code=")
    assert given["state"] == ["s-1"]
    granted = client.get(TOKEN + given["code"][0]).get_json(force=True)
    assert granted["openid"] == client.get("/phone/api/people/p-lin").get_json()["oa_openid"]
    assert "unionid" not in granted
    assert client.get(TOKEN + given["code"][0]).get_json(force=True)["errcode"] == 40163


def test_the_person_the_phone_chose_is_remembered_by_cookie(client: FlaskClient, product: Product) -> None:
    assert b"p-lin" in client.get(_authorize(product)).get_data()
    client.post("/phone/api/people/p-chen/choose")
    assert client.get(_authorize(product)).status_code == 302


def test_snsapi_userinfo_asks_first_and_gives_name_and_unionid(client: FlaskClient, product: Product) -> None:
    page = client.get(_authorize(product, scope="snsapi_userinfo", person="p-lin"))
    assert page.status_code == 200 and "允许" in page.get_data(as_text=True)
    answer = client.get(_authorize(product, scope="snsapi_userinfo", person="p-lin", allowed="1"))
    code = parse_qs(urlsplit(answer.location).query)["code"][0]
    granted = client.get(TOKEN + code).get_json(force=True)
    person = client.get("/phone/api/people/p-lin").get_json()
    assert granted["unionid"] == person["unionid"]
    query = urlencode({"access_token": granted["access_token"], "openid": granted["openid"], "lang": "zh_CN"})
    info = client.get(f"/sns/userinfo?{query}")
    assert info.mimetype == "text/plain"
    assert info.get_json(force=True)["nickname"] == "林晓梅"
    other = urlencode({"access_token": granted["access_token"], "openid": "o-other"})
    assert client.get(f"/sns/userinfo?{other}").get_json(force=True)["errcode"] == 40003


def test_snsapi_base_may_not_read_the_name(client: FlaskClient) -> None:
    code = client.post("/phone/api/people/p-lin/oauth-code", json={"scope": "snsapi_base"}).get_json()["code"]
    granted = client.get(TOKEN + code).get_json(force=True)
    query = urlencode({"access_token": granted["access_token"], "openid": granted["openid"]})
    assert client.get(f"/sns/userinfo?{query}").get_json(force=True)["errcode"] == 48001


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/h5"},
        {"redirect_uri": "javascript:alert(1)"},
        {"appid": "wxother"},
        {"scope": "snsapi_all"},
        {"state": "x" * 129},
    ],
)
def test_a_wrong_authorize_address_shows_an_error_page(
    client: FlaskClient, product: Product, changes: dict[str, str]
) -> None:
    assert client.get(_authorize(product, person="p-lin", **changes)).status_code == 400


def test_an_oauth_code_dies_after_five_minutes(client: FlaskClient, world: World) -> None:
    code = client.post("/phone/api/people/p-lin/oauth-code").get_json()["code"]
    world.clock.offset_s += 301
    assert client.get(TOKEN + code).get_json(force=True)["errcode"] == 40029


def test_a_template_message_reaches_a_follower_only(client: FlaskClient, call: Callable[..., dict[str, Any]]) -> None:
    person = client.get("/phone/api/people/p-lin").get_json()
    message = {"touser": person["oa_openid"], "template_id": "tmpl-points", "data": DATA}
    assert call("official", "/cgi-bin/message/template/send", message)["errcode"] == 0
    shown = client.get("/phone/api/people/p-lin/messages?channel=template").get_json()["items"]
    assert shown[0]["lines"][1] == {"label": "变动积分", "value": "120"}
    client.post("/phone/api/people/p-lin/follow", json={"follows": False})
    assert call("official", "/cgi-bin/message/template/send", message)["errcode"] == 43004
    wrong = {**message, "touser": person["openid"]}
    assert call("official", "/cgi-bin/message/template/send", wrong)["errcode"] == 40003


def test_the_ticket_stays_the_same_while_it_lives(
    client: FlaskClient, token: Callable[[str], str], world: World
) -> None:
    path = f"/cgi-bin/ticket/getticket?type=jsapi&access_token={token('official')}"
    first = client.get(path).get_json()
    assert first["errcode"] == 0 and first["expires_in"] == 7200
    assert client.get(path).get_json()["ticket"] == first["ticket"]
    world.clock.offset_s += 7201
    path = f"/cgi-bin/ticket/getticket?type=jsapi&access_token={token('official')}"
    assert client.get(path).get_json()["ticket"] != first["ticket"]
