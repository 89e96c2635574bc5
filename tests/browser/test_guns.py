"""Scanner guns as shops have them: other endings, slow ones, and input methods between them and the till."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.browser.guns import ENTER, LINE_FEED, TAB, shoot

pytestmark = pytest.mark.browser


def test_guns_of_every_kind_are_read(till: Page, shop: Shop) -> None:
    stage = till.locator("#stage")
    till.locator("#scan-button").focus()
    ways: list[tuple[str, tuple[dict[str, Any], ...], dict[str, Any]]] = [
        ("{}", (TAB,), {}),
        ("{}", (LINE_FEED,), {}),
        ("{}", (ENTER, LINE_FEED), {}),
        ("]Q1{}", (ENTER, ENTER), {}),
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
    # The last one, because its keys bear times that are yet to come.
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
    gun = till.context.new_cdp_session(till)
    for key in [{"key": "Unidentified"}] * 12 + [ENTER]:
        gun.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    expect(till.locator("#camera-problem")).to_contain_text("请切换到英文输入法")
