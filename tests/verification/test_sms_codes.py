"""Sign-in codes by SMS."""

from datetime import timedelta

from app.verification import sms_codes
from tests.support.clock import StillClock

PHONE = "13900001111"


def test_the_right_code_works_once(clock: StillClock) -> None:
    _, code = sms_codes.issue(PHONE, now=clock.now)
    assert sms_codes.accept(PHONE, code, now=clock.now)
    assert not sms_codes.accept(PHONE, code, now=clock.now)


def test_a_code_dies_after_twenty_wrong_tries(clock: StillClock) -> None:
    _, code = sms_codes.issue(PHONE, now=clock.now)
    assert [sms_codes.price_of(failures) for failures in (0, 4, 5, 19)] == [0, 0, 14, 16]
    wrong = "000000" if code != "000000" else "111111"
    assert not any(sms_codes.accept(PHONE, wrong, now=clock.now) for _ in range(sms_codes.MAX_FAILURES))
    assert not sms_codes.accept(PHONE, code, now=clock.now)


def test_a_code_is_for_its_phone_and_its_five_minutes(clock: StillClock) -> None:
    _, code = sms_codes.issue(PHONE, now=clock.now)
    assert not sms_codes.accept("13900002222", code, now=clock.now)
    assert not sms_codes.accept(PHONE, code, now=clock.now + timedelta(minutes=5))


def test_a_newer_code_replaces_the_older(clock: StillClock) -> None:
    _, first = sms_codes.issue(PHONE, now=clock.now)
    _, second = sms_codes.issue(PHONE, now=clock.now)
    assert first == second or not sms_codes.accept(PHONE, first, now=clock.now)
    assert sms_codes.accept(PHONE, second, now=clock.now)
