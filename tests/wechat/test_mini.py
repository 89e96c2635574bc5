"""The mini-program's calls, and what the gateway makes of every way they can end."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from app.wechat.client.rules import Outcome
from app.wechat.client.transport import Timeouts
from app.wechat.errors import LoginCodeRejected, PhoneCodeRejected, PlatformUnavailable, WeChatError
from app.wechat.gateway import Gateway
from tests.support.platforms import Platforms

SEND = "/cgi-bin/message/subscribe/send"
SESSION = "/sns/jscode2session"
DATA = {"thing1": "2小时停车券", "time2": "2026年3月13日 22:00", "thing3": "还有2天到期，记得使用"}


def login_code(platforms: Platforms) -> str:
    person = platforms.person()
    return str(platforms.post(f"/phone/api/people/{person['id']}/login-code")["code"])


def allow(platforms: Platforms, times: int = 1) -> str:
    """The person allows the benefit reminder; their openid."""
    person = platforms.person()
    template = platforms.settings.wechat.template_benefit
    for _ in range(times):
        platforms.post(f"/phone/api/people/{person['id']}/subscribe", {"results": {template: "accept"}})
    return str(person["openid"])


def test_a_login_code_tells_who_it_is(platforms: Platforms, gateway: Gateway) -> None:
    session = gateway.mini.code_to_session(login_code(platforms))
    assert (session.openid, session.unionid) == (platforms.person()["openid"], platforms.person()["unionid"])


def test_signing_in_needs_no_token(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("http", "mini", endpoint="/cgi-bin/stable_token", value="500", times=None)
    assert gateway.mini.code_to_session(login_code(platforms)).openid


def test_a_login_code_works_once(platforms: Platforms, gateway: Gateway) -> None:
    code = login_code(platforms)
    gateway.mini.code_to_session(code)
    with pytest.raises(LoginCodeRejected) as refused:
        gateway.mini.code_to_session(code)
    assert refused.value.platform_code == 40163


def test_a_lost_answer_to_a_login_asks_for_a_new_code(platforms: Platforms, gateway: Gateway) -> None:
    code = login_code(platforms)
    platforms.fault("reset_after", "mini", endpoint=SESSION)
    with pytest.raises(PlatformUnavailable):
        gateway.mini.code_to_session(code)
    assert platforms.calls(SESSION) == 1


def test_a_busy_platform_is_asked_again(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("errcode", "mini", endpoint=SESSION, value="-1", times=2)
    assert gateway.mini.code_to_session(login_code(platforms)).openid
    assert platforms.calls(SESSION) == 3


def test_a_platform_that_stays_busy_is_left_alone(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("errcode", "mini", endpoint=SESSION, value="-1", times=None)
    with pytest.raises(WeChatError) as refused:
        gateway.mini.code_to_session("any")
    assert refused.value.platform_code == -1
    assert platforms.calls(SESSION) == 3


def test_no_secret_or_token_is_logged_or_raised(
    platforms: Platforms, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platforms.fault("reset", "mini", endpoint=SESSION, times=None)
    with pytest.raises(PlatformUnavailable) as raised:
        gateway.mini.code_to_session("any")
    told = f"{caplog.text}{raised.value!r}{raised.value.__cause__!r}{raised.value.facts}"
    assert platforms.settings.wechat.mini_secret not in told
    assert raised.value.__suppress_context__


def test_the_phone_button_tells_the_number(platforms: Platforms, gateway: Gateway) -> None:
    person = platforms.person()
    code = platforms.post(f"/phone/api/people/{person['id']}/phone-code")["code"]
    assert gateway.mini.phone_number(code) == person["phone"]
    with pytest.raises(PhoneCodeRejected):
        gateway.mini.phone_number(code)


def test_a_code_for_a_wall_is_a_picture(platforms: Platforms, gateway: Gateway) -> None:
    image, media_type = gateway.mini.code_image("A1B2C3", "pages/join/index")
    assert media_type == "image/jpeg"
    assert image.startswith(b"\xff\xd8")


def test_a_picture_is_asked_for_again_after_network_trouble(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("http", "mini", endpoint="/wxa", value="502")
    platforms.fault("reset_after", "mini", endpoint="/wxa")
    assert gateway.mini.code_image("A1B2C3", "pages/join/index")[1] == "image/jpeg"
    assert platforms.calls("/wxa/getwxacodeunlimit") >= 2


def test_an_unpublished_page_is_refused_in_production_only(platforms: Platforms, gateway: Gateway) -> None:
    assert gateway.mini.code_image("A1B2C3", "pages/new/index")[0]
    with pytest.raises(WeChatError) as refused:
        replace(gateway.mini, env_version="release").code_image("A1B2C3", "pages/new/index")
    assert refused.value.platform_code == 41030


def test_a_scene_that_is_too_long_is_refused(platforms: Platforms, gateway: Gateway) -> None:
    with pytest.raises(WeChatError) as refused:
        gateway.mini.code_image("x" * 33, "pages/join/index")
    assert refused.value.platform_code == 40169


def test_one_consent_is_one_message(platforms: Platforms, gateway: Gateway) -> None:
    openid, template = allow(platforms), platforms.settings.wechat.template_benefit
    first = gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA, page="pages/coupons/index")
    second = gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA)
    assert (first.outcome, second.outcome) == (Outcome.SENT, Outcome.REFUSED)
    assert first.message_id
    assert second.platform_code == 43101


def test_a_wrong_message_is_told_apart_from_a_refused_one(platforms: Platforms, gateway: Gateway) -> None:
    openid, template = allow(platforms), platforms.settings.wechat.template_benefit
    wrong = gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA | {"thing1": "长" * 21})
    assert (wrong.outcome, wrong.platform_code) == (Outcome.INVALID, 47003)
    stranger = gateway.mini.send_subscribe_message("nobody", template_id=template, data=DATA)
    assert stranger.outcome is Outcome.INVALID


@pytest.mark.parametrize("fault", ["reset_after", "empty"])
def test_a_message_without_an_answer_is_unknown_and_not_sent_again(
    platforms: Platforms, gateway: Gateway, fault: str
) -> None:
    openid, template = allow(platforms, times=2), platforms.settings.wechat.template_benefit
    platforms.fault(fault, "mini", endpoint=SEND)
    result = gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA)
    assert (result.outcome, result.platform_code) == (Outcome.UNKNOWN, None)
    received = platforms.get(f"/phone/api/people/{platforms.person()['id']}/messages")["items"]
    assert len(received) == 1


def test_a_message_that_takes_too_long_is_unknown(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.calls.tokens.current()
    openid, template = allow(platforms), platforms.settings.wechat.template_benefit
    platforms.fault("latency", "mini", endpoint=SEND, value="2000")
    hasty = _with_transport(gateway, timeouts=Timeouts(read_s=0.2))
    result = hasty.mini.send_subscribe_message(openid, template_id=template, data=DATA)
    assert result.outcome is Outcome.UNKNOWN


def test_an_error_page_after_sending_is_unknown(platforms: Platforms, gateway: Gateway) -> None:
    openid, template = allow(platforms), platforms.settings.wechat.template_benefit
    platforms.fault("http", "mini", endpoint=SEND, value="502")
    assert gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA).outcome is Outcome.UNKNOWN


def test_a_used_up_quota_may_be_tried_later(platforms: Platforms, gateway: Gateway) -> None:
    openid, template = allow(platforms), platforms.settings.wechat.template_benefit
    platforms.fault("errcode", "mini", endpoint=SEND, value="45009")
    result = gateway.mini.send_subscribe_message(openid, template_id=template, data=DATA)
    assert (result.outcome, result.platform_code) == (Outcome.RETRY, 45009)
    assert platforms.calls(SEND) == 1


def test_nobody_there_means_certainly_not_sent(platforms: Platforms, gateway: Gateway) -> None:
    openid = allow(platforms)
    gateway.mini.calls.tokens.current()
    template = platforms.settings.wechat.template_benefit
    away = _with_transport(gateway, root="http://127.0.0.1:9")
    assert away.mini.send_subscribe_message(openid, template_id=template, data=DATA).outcome is Outcome.RETRY


def _with_transport(gateway: Gateway, **changes: Any) -> Gateway:
    """The same gateway, its way to the mini-program's platform changed."""
    transport = replace(gateway.mini.calls.transport, **changes)
    return replace(gateway, mini=replace(gateway.mini, calls=replace(gateway.mini.calls, transport=transport)))
