"""The account's token: fetched once for all processes, replaced once when it is stale, never in a loop."""

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.kernel.security import crypto
from app.wechat.client.models import PlatformToken
from app.wechat.errors import PlatformUnavailable, WeChatError
from app.wechat.gateway import Gateway
from tests.support.clock import StillClock
from tests.support.platforms import Platforms

TOKEN = "/cgi-bin/stable_token"
CORP_TOKEN = "/cgi-bin/gettoken"
CODE = "/wxa/getwxacodeunlimit"
PAGE = "pages/join/index"


def test_many_calls_share_one_token(platforms: Platforms, gateway: Gateway) -> None:
    for number in range(3):
        gateway.mini.code_image(f"scene{number}", PAGE)
    assert platforms.calls(TOKEN) == 1


def test_another_process_uses_the_stored_token(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.code_image("scene1", PAGE)
    other = platforms.gateway()
    other.mini.code_image("scene2", PAGE)
    other.close()
    assert platforms.calls(TOKEN) == 1


def test_mini_program_and_official_account_have_their_own_tokens(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.code_image("scene1", PAGE)
    gateway.official.jsapi_signature("https://mall.example/page")
    gateway.wecom.list_tags()
    names = db.session.scalars(select(PlatformToken.name)).all()
    kinds = sorted(name.partition(":")[0] for name in names)
    assert kinds == ["jsapi", "wechat", "wechat", "wecom"]


def test_the_token_is_sealed_in_the_database(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.code_image("scene1", PAGE)
    row = db.session.scalars(select(PlatformToken)).one()
    value = gateway.mini.calls.tokens.current()
    assert row.value_sealed is not None
    assert value.encode() not in row.value_sealed
    assert crypto.unseal(row.value_sealed, purpose="platform_token") == value


def test_an_expired_token_is_replaced_and_the_call_made_again(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.code_image("scene1", PAGE)
    platforms.post("/faults", {"kind": "expire_token", "platform": "mini"})
    image, _ = gateway.mini.code_image("scene2", PAGE)
    assert image
    assert (platforms.calls(TOKEN), platforms.calls(CODE)) == (2, 3)


def test_what_another_process_fetched_meanwhile_is_used(platforms: Platforms, gateway: Gateway) -> None:
    gateway.mini.code_image("scene1", PAGE)
    platforms.post("/faults", {"kind": "expire_token", "platform": "mini"})
    other = platforms.gateway()
    other.mini.code_image("scene2", PAGE)
    other.close()
    gateway.mini.code_image("scene3", PAGE)
    assert platforms.calls(TOKEN) == 2


def test_a_platform_that_refuses_every_token_is_asked_twice_and_no_more(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("reject_token", "mini", times=None)
    with pytest.raises(WeChatError) as refused:
        gateway.mini.code_image("scene1", PAGE)
    assert refused.value.platform_code == 40001
    assert (platforms.calls(TOKEN), platforms.calls(CODE)) == (2, 2)


def test_wecom_replaces_its_token_too(platforms: Platforms, gateway: Gateway) -> None:
    gateway.wecom.list_tags()
    platforms.post("/faults", {"kind": "expire_token", "platform": "wecom"})
    gateway.wecom.list_tags()
    assert platforms.calls(CORP_TOKEN) == 2


def test_a_token_is_renewed_before_its_end(platforms: Platforms, gateway: Gateway, clock: StillClock) -> None:
    gateway.wecom.calls.tokens.current()
    clock.advance(seconds=6990)
    gateway.wecom.calls.tokens.current()
    assert platforms.calls(CORP_TOKEN) == 1
    clock.advance(seconds=20)
    gateway.wecom.calls.tokens.current()
    assert platforms.calls(CORP_TOKEN) == 2


def test_no_token_no_call_and_the_next_one_recovers(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("http", "mini", endpoint=TOKEN, value="502", times=3)
    with pytest.raises(PlatformUnavailable):
        gateway.mini.code_image("scene1", PAGE)
    assert platforms.calls(CODE) == 0
    assert gateway.mini.code_image("scene1", PAGE)[0]


def test_an_empty_token_answer_is_no_token(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("empty", "mini", endpoint=TOKEN, times=3)
    with pytest.raises(PlatformUnavailable):
        gateway.mini.code_image("scene1", PAGE)


def test_the_quota_of_tokens_is_not_fought(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("errcode", "mini", endpoint=TOKEN, value="45009")
    with pytest.raises(WeChatError) as refused:
        gateway.mini.code_image("scene1", PAGE)
    assert refused.value.platform_code == 45009
    assert platforms.calls(TOKEN) == 1
