"""The queue of cases by keys alone, and without any script."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.models import Role
from app.access.scopes import Place
from app.kernel.db import atomic
from tests.browser.conftest import DESK, PHONE, enter
from tests.builders.cases import make_case
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import make_staff, new_phone
from tests.support.clock import StillClock

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Queue:
    """Where the console stands, who signs in, and the ids of three cases, the first due first."""

    address: str
    phone: str
    cases: list[str]

    def sign_in(self, page: Page) -> None:
        enter(page, f"{self.address}/console", self.phone)
        page.goto(f"{self.address}/console/YH/cases")


@pytest.fixture
def queue(address: str, clock: StillClock) -> Queue:
    with atomic():
        mall = make_mall(code="YH", name="悦汇城")
        store = make_store(mall, make_merchant(), name="沸腾火锅", floor="4F")
        phone = new_phone()
        make_staff(Role.OPERATIONS, Place(mall_id=mall.id), name="张岚", phone=phone)
        return Queue(address, phone, [make_case(store, days_ago=days).public_id for days in (4, 2, 1)])


def at(public_id: str) -> re.Pattern[str]:
    return re.compile(rf"/console/YH/cases/{public_id}\?tab=team$")


def test_a_case_after_the_other_by_keys_alone(page: Page, queue: Queue) -> None:
    page.set_viewport_size(DESK)
    queue.sign_in(page)
    expect(page.locator(".keys")).to_contain_text("领取")
    first, second, third = queue.cases
    keys = page.keyboard
    keys.press("j")
    keys.press("j")
    expect(page.locator("tr.is-here a").first).to_have_attribute("href", at(second))
    keys.press("t")
    expect(page).to_have_url(at(second))
    expect(page.get_by_text("已领取")).to_be_visible()
    keys.press("2")
    expect(page.get_by_role("radio", name="收银系统的问题已修复")).to_be_checked()
    keys.press("Enter")
    expect(page).to_have_url(at(third))
    expect(page.get_by_text("已办结：")).to_be_visible()
    keys.press("k")
    expect(page).to_have_url(at(first))
    keys.press("h")
    expect(page.locator("select[name=to]")).to_be_focused()
    keys.press("j")  # typed into the field, no key of the page
    expect(page).to_have_url(at(first))
    page.locator("select[name=to]").select_option("role:finance")
    page.get_by_role("button", name="转交").click()
    expect(page.get_by_text("由商场财务处理")).to_be_visible()
    keys.press("u")
    expect(page).to_have_url(re.compile(r"/console/YH/cases\?tab=team$"))
    expect(page.locator("#rows tr")).to_have_count(1)
    keys.press("j")
    keys.press("Enter")
    expect(page).to_have_url(at(third))


def test_the_queue_works_on_a_phone_without_a_script(browser: Browser, queue: Queue) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    queue.sign_in(page)
    expect(page.locator(".keys")).to_be_hidden()
    page.get_by_role("button", name="领取").first.click()
    expect(page).to_have_url(at(queue.cases[0]))
    page.get_by_text("确实不是会员").click()
    page.locator("form[action$=answer] textarea").fill("都是外卖单")
    page.get_by_role("button", name="办结").click()
    expect(page).to_have_url(at(queue.cases[1]))
    page.goto(f"{queue.address}/console/YH/cases?tab=answered")
    expect(page.locator("#rows")).to_contain_text("确实不是会员")
    widths = page.locator("html").evaluate_all("all => [all[0].scrollWidth, all[0].clientWidth]")
    assert widths[0] <= widths[1]
    context.close()
