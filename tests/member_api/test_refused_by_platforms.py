"""What members are told when a platform refuses: permanent is 4xx, temporary 503."""

import pytest

from tests.member_api.conftest import Phone
from tests.support.platforms import Platforms


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [
        ("40226", 403, "platform_person_refused"),
        ("45011", 503, "platform_busy"),
        ("40125", 409, "platform_refused"),
        ("40029", 422, "login_code_invalid"),
    ],
)
def test_a_refused_login_says_whether_trying_again_helps(
    phone: Phone, platforms: Platforms, value: str, status: int, code: str
) -> None:
    platforms.fault("errcode", "mini", endpoint="/sns/jscode2session", value=value)
    refused = phone.post("/sessions/mini-program", code="any-code")
    assert (refused.status_code, refused.json["error"]["code"]) == (status, code)
    assert ("Retry-After" in refused.headers) == (status == 503)
    assert ("稍后重试" in refused.json["error"]["message"]) == (status == 503)


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [
        ("phone_out_of_service", 422, "phone_refused"),
        ("balance_insufficient", 409, "machine_refused"),
        ("frequency_limited", 503, "machine_busy"),
    ],
)
def test_a_refused_code_says_whether_trying_again_helps(
    phone: Phone, platforms: Platforms, value: str, status: int, code: str
) -> None:
    platforms.fault("errcode", "sms", value=value)
    refused = phone.post("/sms-codes", phone=phone.person["phone"])
    assert (refused.status_code, refused.json["error"]["code"]) == (status, code)
    # Sooner than this the same phone is not served anyway.
    assert refused.headers.get("Retry-After") == ("60" if status == 503 else None)


def test_a_phone_without_messages_is_refused_for_good(phone: Phone) -> None:
    refused = phone.post("/sms-codes", phone="+85291230307")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "phone_refused")
