"""A sign-in that costs a proof of work: the page solves it while the password is typed again."""

import pytest
from playwright.sync_api import Page, expect

from app.access import staff
from app.kernel import clock
from app.kernel.db import atomic
from tests.browser.conftest import Shop
from tests.builders.staff import PASSWORD

pytestmark = pytest.mark.browser


def test_after_many_tries_by_others_a_new_browser_proves_and_is_let_in(page: Page, address: str, shop: Shop) -> None:
    for number in range(staff.TRIES_PER_PHONE):
        with atomic():
            staff.count_sign_in(shop.phone, address=f"10.0.0.{number}", now=clock.now())
    page.goto(f"{address}/portal/sign-in")
    page.get_by_label("手机号").fill(shop.phone)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("请完成安全验证后重新提交")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="安全验证已完成")).to_be_visible()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).not_to_have_url(f"{address}/portal/sign-in")
    expect(page.get_by_text("沸腾火锅").first).to_be_visible()
