"""The official account: OAuth, template messages, the JS-SDK's signature."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.wechat import official
from app.wechat.client.rules import Outcome
from app.wechat.errors import LoginCodeRejected, PlatformUnavailable
from app.wechat.gateway import Gateway
from tests.support.platforms import Platforms

DATA = {"thing1": "林女士", "number2": "120", "number3": "3420", "time4": "2026年3月11日 10:00"}


def oauth_code(platforms: Platforms, scope: str, number: int = 1) -> str:
    person = platforms.person(number)
    return str(platforms.post(f"/phone/api/people/{person['id']}/oauth-code", {"scope": scope})["code"])


def test_the_authorize_address_is_built_as_wechat_wants_it(gateway: Gateway, platforms: Platforms) -> None:
    url = gateway.official.authorize_url("https://mall.example/h5/?a=1&b=2", "state&x", scope=official.WITH_CONSENT)
    parts = urlsplit(url)
    assert url.startswith(f"{platforms.url}/connect/oauth2/authorize?appid=")
    assert list(parse_qs(parts.query)) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert parse_qs(parts.query)["redirect_uri"] == ["https://mall.example/h5/?a=1&b=2"]
    assert parse_qs(parts.query)["state"] == ["state&x"]
    assert parts.fragment == "wechat_redirect"


def test_a_state_that_wechat_would_cut_is_our_mistake(gateway: Gateway) -> None:
    with pytest.raises(ValueError, match="128"):
        gateway.official.authorize_url("https://mall.example/", "x" * 129)


def test_an_oauth_code_tells_who_it_is_once(platforms: Platforms, gateway: Gateway) -> None:
    code = oauth_code(platforms, official.WITH_CONSENT)
    identity = gateway.official.code_to_identity(code)
    person = platforms.person()
    assert (identity.openid, identity.unionid) == (person["oa_openid"], person["unionid"])
    with pytest.raises(LoginCodeRejected):
        gateway.official.code_to_identity(code)


def test_a_silent_sign_in_of_somebody_who_does_not_follow_has_no_unionid(
    platforms: Platforms, gateway: Gateway
) -> None:
    platforms.post(f"/phone/api/people/{platforms.person(2)['id']}/follow", {"follows": False})
    identity = gateway.official.code_to_identity(oauth_code(platforms, official.SILENT, number=2))
    assert (identity.openid, identity.unionid) == (platforms.person(2)["oa_openid"], None)


def test_a_lost_answer_asks_for_a_new_code(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("empty", "official", endpoint="/sns/oauth2")
    with pytest.raises(PlatformUnavailable):
        gateway.official.code_to_identity(oauth_code(platforms, official.SILENT))


def test_a_follower_gets_a_template_message(platforms: Platforms, gateway: Gateway) -> None:
    template, openid = platforms.settings.wechat.oa_template_points, platforms.person()["oa_openid"]
    result = gateway.official.send_template(openid, template_id=template, data=DATA, message_id="points-1")
    assert (result.outcome, bool(result.message_id)) == (Outcome.SENT, True)


def test_somebody_who_does_not_follow_refuses(platforms: Platforms, gateway: Gateway) -> None:
    platforms.post(f"/phone/api/people/{platforms.person()['id']}/follow", {"follows": False})
    template, openid = platforms.settings.wechat.oa_template_points, platforms.person()["oa_openid"]
    result = gateway.official.send_template(openid, template_id=template, data=DATA, message_id="points-1")
    assert (result.outcome, result.platform_code) == (Outcome.REFUSED, 43004)


def test_a_page_is_signed_with_a_ticket_that_is_fetched_once(platforms: Platforms, gateway: Gateway) -> None:
    page = "https://mall.example/portal/verify?store=1"
    config = gateway.official.jsapi_signature(f"{page}#scan")
    again = gateway.official.jsapi_signature(page)
    expected = official.sign_page(
        ticket=gateway.official.tickets.current(), nonce=config.nonce, timestamp=config.timestamp, url=page
    )
    assert config.signature == expected
    assert again.nonce != config.nonce
    assert platforms.calls("/cgi-bin/ticket/getticket") == 1
