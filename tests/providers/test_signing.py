"""The signature of machines."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.security import signing
from app.kernel.security.signing import Call, SignedHeaders

pytestmark = pytest.mark.no_database

NOW = datetime(2026, 3, 11, 2, tzinfo=UTC)
TARGET = "/open/v1/receipts?dry=1"
BODY = '{"receipt_no":"A1","金额":1}'.encode()


def signed() -> dict[str, str]:
    return signing.headers("pos-1", "secret", Call("POST", TARGET, BODY), now=NOW)


def check(given: dict[str, str], *, secret: str = "secret", body: bytes = BODY, now: datetime = NOW) -> bool:
    return signing.is_signed(secret, Call("POST", TARGET, body), SignedHeaders.read(given.__getitem__), now=now)


def test_the_canonical_text_is_five_lines() -> None:
    text = signing.canonical(Call("post", TARGET, b""), timestamp="1", nonce="n" * 16)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert text == f"POST\n{TARGET}\n1\n{'n' * 16}\n{empty}"


def test_a_request_is_signed_for_five_minutes() -> None:
    given = signed()
    assert check(given)
    assert check(given, now=NOW + timedelta(seconds=300))
    assert not check(given, now=NOW + timedelta(seconds=301))
    assert not check(given, now=NOW - timedelta(seconds=301))


def test_anything_changed_breaks_it() -> None:
    given = signed()
    assert not check(given, secret="other")
    assert not check(given, body=BODY + b" ")
    for header, value in [
        (signing.SIGNATURE_HEADER, "签名"),
        (signing.TIMESTAMP_HEADER, "٣٤"),
        (signing.TIMESTAMP_HEADER, "-1"),
        (signing.NONCE_HEADER, "short"),
        (signing.NONCE_HEADER, "x" * 65),
    ]:
        assert not check({**given, header: value})


def test_every_request_has_its_own_nonce() -> None:
    assert signed()[signing.NONCE_HEADER] != signed()[signing.NONCE_HEADER]
