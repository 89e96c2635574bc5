"""The real wechatpy clients against the served sandbox, pointed at it as the product points its own."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from wechatpy import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.exceptions import APILimitedException, WeChatClientException
from wechatpy.oauth import WeChatOAuth
from wechatpy.work import WeChatClient as WorkClient

from sandbox.kit import qr
from tests.support.patience import PATIENCE_S


def _retarget(client: Any, root: str) -> None:
    client.API_BASE_URL = root + urlsplit(type(client).API_BASE_URL).path
    for api in vars(client).values():
        if isinstance(api, BaseWeChatAPI) and getattr(type(api), "API_BASE_URL", None):
            api.API_BASE_URL = root + urlsplit(type(api).API_BASE_URL).path


class AppClient(WeChatClient):
    """A client of the mini-program or the official account with stable tokens."""

    def __init__(self, root: str, appid: str, secret: str) -> None:
        self.root = root
        super().__init__(appid, secret, auto_retry=False)
        _retarget(self, root)

    def fetch_access_token(self) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        data = self._http.post(f"{self.root}/cgi-bin/stable_token", json=body, timeout=PATIENCE_S).json()
        self.session.set(self.access_token_key, data["access_token"], data["expires_in"])
        self.expires_at = int(time.time()) + data["expires_in"]
        return dict(data)


@pytest.fixture
def mini(live: str) -> AppClient:
    """The mini-program's client."""
    return AppClient(live, "wxsandboxmini0001", "mini-secret")


@pytest.fixture
def work(live: str) -> WorkClient:
    """WeCom's client."""
    client = WorkClient("wwsandbox0001", "corp-secret", auto_retry=False)
    _retarget(client, live)
    client.fetch_access_token = lambda: client._fetch_access_token(  # type: ignore[method-assign]
        f"{live}/cgi-bin/gettoken", {"corpid": client.corp_id, "corpsecret": client.secret}
    )
    return client


def _post(live: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return requests.post(f"{live}/phone/api{path}", json=body or {}, timeout=PATIENCE_S).json()


def test_login_and_phone_number(mini: AppClient, live: str) -> None:
    session = mini.wxa.code_to_session(_post(live, "/people/p-lin/login-code")["code"])
    person = requests.get(f"{live}/phone/api/people/p-lin", timeout=PATIENCE_S).json()
    assert (session["openid"], session["unionid"]) == (person["openid"], person["unionid"])
    phone = mini.wxa.get_phone_number(_post(live, "/people/p-lin/phone-code")["code"])
    assert phone["phone_info"]["purePhoneNumber"] == person["phone"]


def test_a_code_picture_comes_as_a_response_and_a_refusal_as_an_exception(mini: AppClient) -> None:
    answer = mini.wxa.get_wxa_code_unlimited("E1", page="pages/join/index")
    assert qr.read(answer.content) == "pages/join/index?scene=E1"
    with pytest.raises(WeChatClientException) as refused:
        mini.wxa.get_wxa_code_unlimited("x" * 33, page="pages/join/index")
    assert refused.value.errcode == 40169


def test_subscribe_messages_with_consent_and_limits(mini: AppClient, live: str) -> None:
    openid = requests.get(f"{live}/phone/api/people/p-lin", timeout=PATIENCE_S).json()["openid"]
    data = {"thing1": {"value": "停车券"}, "time2": {"value": "22:00"}, "thing3": {"value": "今天到期"}}
    with pytest.raises(WeChatClientException) as refused:
        mini.wxa.send_subscribe_message(openid, "tmpl-benefit", data)
    assert refused.value.errcode == 43101
    _post(live, "/people/p-lin/subscribe", {"results": {"tmpl-benefit": "accept"}})
    assert mini.wxa.send_subscribe_message(openid, "tmpl-benefit", data)["errcode"] == 0
    fault = {"kind": "errcode", "platform": "mini", "value": 45009, "times": 1}
    requests.post(f"{live}/faults", json=fault, timeout=PATIENCE_S)
    with pytest.raises(APILimitedException):
        mini.wxa.send_subscribe_message(openid, "tmpl-benefit", data)


def test_the_official_account(live: str) -> None:
    client = AppClient(live, "wxsandboxoa00001", "oa-secret")
    assert client.jsapi.get_jsapi_ticket()
    oauth = WeChatOAuth("wxsandboxoa00001", "oa-secret", "http://127.0.0.1/h5", "snsapi_userinfo")
    oauth.API_BASE_URL = f"{live}/"
    oauth.fetch_access_token(_post(live, "/people/p-lin/oauth-code")["code"])
    assert oauth.get_user_info()["nickname"] == "林晓梅"


def test_wecom_from_contact_way_to_tag(work: WorkClient, live: str) -> None:
    way = work.external_contact.add_contact_way(type=1, scene=2, user=["mall-service"], state="E7kQ2mXa")
    content = qr.read(requests.get(way["qr_code"], timeout=PATIENCE_S).content)
    scanned = _post(live, "/scan", {"content": content})
    added = _post(live, "/people/p-lin/wecom/add", {"config_id": scanned["config_id"]})
    welcome = {"welcome_code": added["welcome_code"], "text": {"content": "您好"}}
    assert work.external_contact.send_welcome_msg(welcome)["errcode"] == 0
    detail = work.external_contact.get(added["external_userid"])
    assert detail["follow_user"][0]["state"] == "E7kQ2mXa"
    tag = work.external_contact.add_corp_tag(None, "阶段", None, [{"name": "新客"}])["tag_group"]["tag"][0]["id"]
    work.external_contact.mark_tag("mall-service", added["external_userid"], [tag])
    detail = work.external_contact.get(added["external_userid"])
    assert [t["tag_name"] for t in detail["follow_user"][0]["tags"]] == ["新客"]


def test_the_callback_with_its_welcome_code_arrives_by_itself(work: WorkClient, live: str, product: Any) -> None:
    way = work.external_contact.add_contact_way(type=1, scene=2, user=["mall-service"])
    product.answers.extend([(500, ""), (200, "")])
    _post(live, "/people/p-lin/wecom/add", {"config_id": way["config_id"]})
    first, second = product.wait_for(2)
    assert first.target.startswith("/open/v1/wecom/callback?")
    assert first.query["nonce"] != second.query["nonce"]
