"""The rolling member code: signed, short-lived, taken once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.identity.codes import member_codes
from app.identity.errors import (
    MemberCodeCaseLost,
    MemberCodeExpired,
    MemberCodeGarbled,
    MemberCodeInvalid,
    MemberCodeUsed,
)
from tests.builders.identity import make_member
from tests.support.clock import StillClock


def test_a_till_takes_a_fresh_code(clock: StillClock) -> None:
    member = make_member()
    code = member_codes.mint(member, now=clock.now)
    assert member_codes.use(code.text, used_by="store:1", now=clock.now) == member.id


def test_a_second_till_is_refused(clock: StillClock) -> None:
    code = member_codes.mint(make_member(), now=clock.now)
    member_codes.use(code.text, used_by="store:1", now=clock.now)
    with pytest.raises(MemberCodeUsed):
        member_codes.use(code.text, used_by="store:2", now=clock.now)


def test_a_screenshot_is_worthless_after_its_minute(clock: StillClock) -> None:
    code = member_codes.mint(make_member(), now=clock.now)
    with pytest.raises(MemberCodeExpired):
        member_codes.read(code.text, now=clock.now + timedelta(seconds=91))


@pytest.mark.parametrize("position", [5, 20, 60, 110])
def test_a_changed_letter_is_noticed(clock: StillClock, position: int) -> None:
    text = member_codes.mint(make_member(), now=clock.now).text
    other = "A" if text[position] != "A" else "B"
    with pytest.raises(MemberCodeInvalid):
        member_codes.read(text[:position] + other + text[position + 1 :], now=clock.now)


@pytest.mark.parametrize("text", ["", "HM1.", "HM1.####", "HM1.会员", "HM1." + "A" * 400, "C3P7F9G9H7XK"])
def test_anything_else_is_not_a_member_code(clock: StillClock, text: str) -> None:
    with pytest.raises(MemberCodeInvalid):
        member_codes.read(text, now=clock.now)


def test_a_gun_under_caps_lock_or_a_chinese_input_method_is_read(clock: StillClock) -> None:
    text = member_codes.mint(make_member(), now=clock.now).text
    shown = member_codes.read(text, now=clock.now)
    chinese = text.replace(".", "。").replace("_", "——")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in text)
    for scanned in (text.swapcase(), chinese, wide, f"]Q1{text}\t", f"]q1{text.swapcase()}\r\n", f"\ufeff{text}\u200b"):
        assert member_codes.looks_like_one(scanned)
        assert member_codes.read(scanned, now=clock.now) == shown


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_a_code_without_its_small_or_capital_letters_says_what_to_switch_off(
    clock: StillClock, change: Callable[[str], str]
) -> None:
    text = member_codes.mint(make_member(), now=clock.now).text
    with pytest.raises(MemberCodeCaseLost):
        member_codes.read(change(text), now=clock.now)


def test_a_code_with_chinese_in_it_says_what_to_switch_off(clock: StillClock) -> None:
    text = member_codes.mint(make_member(), now=clock.now).text
    with pytest.raises(MemberCodeGarbled):
        member_codes.read(f"{text[:20]}安{text[21:]}", now=clock.now)
