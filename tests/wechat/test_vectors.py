"""The platforms' published and independently checked examples: envelope, signatures."""

from datetime import UTC, datetime, timedelta

import pytest

from app.wechat import official
from app.wechat.callbacks.envelope import Envelope, sorted_digest
from app.wechat.callbacks.xml import parsed
from app.wechat.errors import CallbackRefused
from app.wechat.wecom import ContactChange, event_of

pytestmark = pytest.mark.no_database

ENVELOPE = Envelope("sandboxtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ww1234567890abcdef")
AT = datetime.fromtimestamp(1735700000, UTC)
QUERY = {
    "msg_signature": "0ccb9064f70c0f14472b5d635b742979d490e16d",
    "timestamp": "1735700000",
    "nonce": "1372623149",
}
ENCRYPTED = (
    "Q3stYC6hdFzMh9T8HCvyDJS2nW6+x5VHxLNv3mljDGlQrgp97bciRIBqzJOWds9FYZJi+orLSattPYFRT9X1gaXy5AIrwwnFJRvTAkVyeDK/DBV9"
    "PbvcNEaIAn9tRFAYkI90hVS6/Clapqin5aOza6oq1s5Sb374LNpBMfUGuOPaVtOlHTbWCUqUmSzq1fH8evnBBdKYU1K4cH7EwhQ2VRUyypH/J189"
    "y+oN2hcryWWrMT39dH4N3phsEUeDB2hpiq9RAMIp3N3d7xAIv2DhjFsaKLc0TINMPST2+gEmZxVz/e2PRfrDju0stFHnlGdWhuFmuz0cJhKpB1tS"
    "ZTeVIRCuskjs1prKYsvrJ4NPev0/MBhrIXbFv/vJY/37YBWfSwV5CAG5hVFNAciqMe2I4/WCpKmP88pQfN2kmxdPT09tvJH9PEPJUqnCHo647j/I"
    "NvUZgLBxnS5ekTGQIRRKC04wPoaifS6h48zHTmBzDRbTQzLoP/wg8VStsLD/z7RrQnZkYcPqxC2YVO0M2enamaMeE3c1lLj+xl9/d/7y98ue6Guq"
    "7ByXVsLSXgqV4dLxLclkQJpatvp/Sa93yUNtd80R2J3tzNqk4VzQUZ29oo7p464J3KTHBFpO1DK5X4pHuGo9WnevF5GSC8ppVmym8F0mZqiReuQV"
    "LVY3qvtq4zg="
)


def test_the_envelope_opens_to_the_event() -> None:
    event = event_of(parsed(ENVELOPE.opened(ENCRYPTED, QUERY, now=AT).encode()), now=AT)
    assert event.change is ContactChange.ADDED
    assert (event.user_id, event.external_user_id) == ("zhangsan", "wmEXAMPLE0001")
    assert (event.state, event.welcome_code) == ("shop:A101", "WELCOME0001")
    assert event.occurred_at == AT


def test_the_echo_opens_to_its_number() -> None:
    query = {
        "msg_signature": "509295d3d1ba142dbcaf6a7e6ed6feb83714396b",
        "timestamp": "1735700001",
        "nonce": "263014780",
    }
    echo = "Q3stYC6hdFzMh9T8HCvyDH0IHJENRtL8kKsqSYgg4gClawqfEI4bjkd/sThBdy5abkkNPf3wQSpydibwulBNcw=="
    assert ENVELOPE.opened(echo, query, now=AT) == "1616140317555161061"


@pytest.mark.parametrize(
    "changed",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"nonce": "1"},
        {"timestamp": "1735700001"},
    ],
)
def test_anything_changed_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(CallbackRefused):
        ENVELOPE.opened(ENCRYPTED, QUERY | changed, now=AT)


def test_what_was_meant_for_another_corp_is_refused() -> None:
    other = Envelope(ENVELOPE.token, ENVELOPE.aes_key, "ww000")
    with pytest.raises(CallbackRefused):
        other.opened(ENCRYPTED, QUERY, now=AT)


def test_an_old_envelope_is_refused() -> None:
    with pytest.raises(CallbackRefused):
        ENVELOPE.opened(ENCRYPTED, QUERY, now=AT + timedelta(minutes=11))


@pytest.mark.parametrize("garbage", ["", "AAAA", "not base64!", "QUFB" * 16])
def test_signed_garbage_is_refused(garbage: str) -> None:
    signature = sorted_digest(ENVELOPE.token, QUERY["timestamp"], QUERY["nonce"], garbage)
    with pytest.raises(CallbackRefused):
        ENVELOPE.opened(garbage, QUERY | {"msg_signature": signature}, now=AT)


def test_an_entity_in_the_xml_is_refused() -> None:
    with pytest.raises(CallbackRefused):
        parsed(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>')


def test_the_plain_push_signature_is_tencents() -> None:
    assert sorted_digest("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_the_page_signature_is_tencents() -> None:
    signature = official.sign_page(
        ticket="sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        nonce="Wm3WZYTPz0wzccnW",
        timestamp=1414587457,
        url="http://mp.weixin.qq.com?params=value",
    )
    assert signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
