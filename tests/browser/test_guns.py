"""Scanner guns as shops have them: other endings, slow ones, and input methods between them and the till."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.guns import ENTER, LINE_FEED, TAB, press, shoot, shoot_without_ending

pytestmark = pytest.mark.browser

STATE_A_MOMENT_LATER = """() => new Promise((resolve) =>
  setTimeout(() => resolve(document.querySelector("#stage").dataset.state), 400))"""


def test_guns_of_every_kind_are_read(till: Page, shop: Shop) -> None:
    stage = till.locator("#stage")
    till.locator("#scan-button").focus()
    ways: list[tuple[str, tuple[dict[str, Any], ...], dict[str, Any]]] = [
        ("{}", (TAB,), {}),
        ("{}", (LINE_FEED,), {}),
        ("{}", (ENTER, LINE_FEED), {}),
        ("]Q1{}", (ENTER, ENTER), {}),
        ("P01{}", (ENTER,), {}),
        ("{}", (ENTER,), {"pause_s": 0}),
        ("{}", (ENTER,), {"swallowed": True}),
    ]
    for number, (shape, ends, how) in enumerate(ways):
        code, title = ((shop.cash, "立减十元"), (shop.minimum, "满300减50"))[number % 2]
        shoot(till, shape.format(code), *ends, **how)
        expect(stage).to_contain_text(title)
        expect(till.get_by_role("button", name="确认核销")).to_be_visible()
    shoot(till, shop.member_code.swapcase())
    expect(stage).to_contain_text("138****5678")
    shoot(till, shop.member_code.upper())
    expect(stage).to_contain_text("请关闭扫码枪的大小写转换")
    shoot(till, shop.cash, pause_s=0.3)
    expect(stage).to_contain_text("立减十元")


def test_a_gun_in_the_field_for_codes_may_end_with_tab_or_shoot_through_an_input_method(till: Page, shop: Shop) -> None:
    field, stage = till.locator("#typed-code"), till.locator("#stage")
    for code, title, end, swallowed in ((shop.cash, "立减十元", TAB, False), (shop.minimum, "满300减50", ENTER, True)):
        field.focus()
        shoot(till, code, end, swallowed=swallowed)
        expect(stage).to_contain_text(title)
        expect(field).to_have_value("")


def test_a_gun_whose_keys_an_input_method_keeps_is_told_what_to_switch_off(till: Page) -> None:
    till.locator("#scan-button").focus()
    now = time.time()
    press(till, [(key, now) for key in [{"key": "Unidentified"}] * 12 + [ENTER]])
    expect(till.locator("#camera-problem")).to_contain_text("请切换到英文输入法")


def test_a_guns_second_ending_confirms_nothing_however_late_it_is_heard_and_a_persons_enter_does(
    till: Page, shop: Shop
) -> None:
    till.locator("#scan-button").focus()
    shoot(till, shop.cash)
    ended = time.time()
    confirm = till.get_by_role("button", name="确认核销")
    expect(confirm).to_be_focused()
    press(till, [(ENTER, ended), (LINE_FEED, ended), (TAB, ended)])
    expect(confirm).to_be_focused()
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()


def test_an_amount_as_long_as_a_code_is_an_amount(till: Page, shop: Shop) -> None:
    shoot(till, shop.minimum)
    expect(till.locator("#spend")).to_be_focused()
    till.keyboard.type("1234567.89")
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()


def test_a_gun_that_ends_with_nothing_is_read_wherever_the_focus_is(till: Page, shop: Shop) -> None:
    field, stage = till.locator("#typed-code"), till.locator("#stage")
    till.locator("#scan-button").focus()
    shoot_without_ending(till, f"]Q1{shop.minimum.lower()}")
    expect(stage).to_contain_text("满300减50")
    expect(till.locator("#spend")).to_be_focused()
    shoot_without_ending(till, shop.cash, pause_s=0.04)
    shot = time.time()
    expect(stage).to_contain_text("立减十元")
    press(till, [(ENTER, shot)])  # an ending that comes late confirms nothing
    expect(till.get_by_role("button", name="确认核销")).to_be_visible()
    field.focus()
    shoot_without_ending(till, shop.member_code.swapcase(), pause_s=0.1)
    expect(stage).to_contain_text("138****5678")
    expect(field).to_have_value("")


@pytest.mark.parametrize("pause_s", [0.08, 0.3])
def test_what_a_hand_types_waits_for_the_hand(till: Page, shop: Shop, pause_s: float) -> None:
    field = till.locator("#typed-code")
    field.focus()
    shoot_without_ending(till, shop.cash, pause_s=pause_s)
    assert till.evaluate(STATE_A_MOMENT_LATER) == "ready"
    expect(field).to_have_value(shop.cash)
    field.press("Backspace")
    shoot_without_ending(till, shop.cash[-1])  # corrected at once, it is a whole code, and still typed by hand
    assert till.evaluate(STATE_A_MOMENT_LATER) == "ready"
    field.press("Enter")
    expect(till.locator("#stage")).to_contain_text("立减十元")


def test_what_is_no_whole_code_is_never_read_without_an_ending(till: Page, shop: Shop) -> None:
    wrong = shop.cash[:-1] + ("3" if shop.cash[-1] != "3" else "4")
    till.locator("#scan-button").focus()
    for junk in (wrong, shop.cash[:-1], "1234567.89"):
        shoot_without_ending(till, junk)
    assert till.evaluate(STATE_A_MOMENT_LATER) == "ready"
