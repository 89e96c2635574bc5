"""WeCom: contact codes, who a contact is, greetings, tags."""

import pytest

from app.wechat.errors import WeChatError
from app.wechat.gateway import Gateway
from app.wechat.wecom import LinkCard, Welcome
from tests.support.platforms import Platforms

SEND = "/cgi-bin/externalcontact/send_welcome_msg"
CARD = LinkCard(title="悦汇城 · 会员入会", summary="入会即得停车券", url="http://127.0.0.1:9/h5/?scene=A1")


def add_contact(platforms: Platforms, gateway: Gateway, state: str = "A1B2C3") -> str:
    """The person scans a new contact code; the welcome code."""
    way = gateway.wecom.add_contact_way(state)
    person = platforms.person()
    found = platforms.post(f"/phone/api/people/{person['id']}/wecom/add", {"config_id": way.config_id})
    return str(found["welcome_code"])


def test_a_contact_code_has_a_handle_and_a_picture(platforms: Platforms, gateway: Gateway) -> None:
    way = gateway.wecom.add_contact_way("A1B2C3")
    assert way.config_id
    assert way.qr_code.startswith(platforms.url)


def test_a_state_that_wecom_would_refuse_is_our_mistake(gateway: Gateway) -> None:
    with pytest.raises(ValueError, match="30"):
        gateway.wecom.add_contact_way("x" * 31)


def test_a_stranger_to_the_corp_cannot_get_a_contact_code(platforms: Platforms, gateway: Gateway) -> None:
    with pytest.raises(WeChatError) as refused:
        gateway.wecom.add_contact_way("A1B2C3", "nobody")
    assert refused.value.platform_code == 40003


def test_a_contact_is_known_by_unionid_and_by_the_code_they_scanned(platforms: Platforms, gateway: Gateway) -> None:
    add_contact(platforms, gateway)
    contact = gateway.wecom.get_contact(platforms.person()["external_userid"])
    assert contact.unionid == platforms.person()["unionid"]
    assert [(user.user_id, user.state) for user in contact.follow_users] == [(gateway.wecom.user_id, "A1B2C3")]


def test_somebody_elses_contact_is_not_ours_to_see(platforms: Platforms, gateway: Gateway) -> None:
    with pytest.raises(WeChatError) as refused:
        gateway.wecom.get_contact(platforms.person()["external_userid"])
    assert refused.value.platform_code == 84061


def test_reading_a_contact_is_tried_again(platforms: Platforms, gateway: Gateway) -> None:
    add_contact(platforms, gateway)
    platforms.fault("errcode", "wecom", endpoint="/cgi-bin/externalcontact/get", value="45033")
    platforms.fault("reset", "wecom", endpoint="/cgi-bin/externalcontact/get")
    assert gateway.wecom.get_contact(platforms.person()["external_userid"]).unionid


def test_a_greeting_arrives_once(platforms: Platforms, gateway: Gateway) -> None:
    code = add_contact(platforms, gateway)
    assert gateway.wecom.send_welcome(code, "您好，欢迎", [CARD]).outcome is Welcome.SENT
    again = gateway.wecom.send_welcome(code, "您好，欢迎", [CARD])
    assert (again.outcome, again.platform_code) == (Welcome.SENT, 41051)
    received = platforms.get(f"/phone/api/people/{platforms.person()['id']}/messages?channel=wecom")["items"]
    assert len(received) == 1


def test_a_greeting_after_twenty_seconds_is_too_late(platforms: Platforms, gateway: Gateway) -> None:
    code = add_contact(platforms, gateway)
    platforms.world.clock.offset_s += 21
    assert gateway.wecom.send_welcome(code, "您好").outcome is Welcome.TOO_LATE


def test_a_greeting_without_an_answer_may_be_tried_again(platforms: Platforms, gateway: Gateway) -> None:
    code = add_contact(platforms, gateway)
    platforms.fault("reset_after", "wecom", endpoint=SEND)
    assert gateway.wecom.send_welcome(code, "您好").outcome is Welcome.RETRY
    assert gateway.wecom.send_welcome(code, "您好").outcome is Welcome.SENT
    assert platforms.calls(SEND) >= 1


def test_a_greeting_that_the_platform_cannot_read_is_given_up(platforms: Platforms, gateway: Gateway) -> None:
    code = add_contact(platforms, gateway)
    result = gateway.wecom.send_welcome(code, "长" * 1400)
    assert result.outcome is Welcome.INVALID
    assert result.platform_code is not None


def test_tags_are_set_on_our_own_contacts_only(platforms: Platforms, gateway: Gateway) -> None:
    group = {"group_name": "会员阶段", "tag": [{"name": "新会员"}, {"name": "老会员"}]}
    made = gateway.wecom.calls.once("post", "/cgi-bin/externalcontact/add_corp_tag", body=group)
    tag_id = str(made["tag_group"]["tag"][0]["id"])
    assert gateway.wecom.list_tags()[tag_id] == "新会员"
    external = platforms.person()["external_userid"]
    with pytest.raises(WeChatError) as refused:
        gateway.wecom.mark_tags(external, add=[tag_id])
    assert refused.value.platform_code == 84061
    add_contact(platforms, gateway)
    gateway.wecom.mark_tags(external, add=[tag_id])
    assert gateway.wecom.get_contact(external).follow_users[0].tag_ids == (tag_id,)
    gateway.wecom.mark_tags(external, remove=[tag_id])
    assert gateway.wecom.get_contact(external).follow_users[0].tag_ids == ()
