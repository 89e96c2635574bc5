"""The console asks before something is gone: above the page, without a script, and nothing moves beneath it."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.access.models import Role
from app.access.scopes import Place
from app.kernel.db import atomic
from tests.browser.conftest import DESK, PHONE, enter
from tests.builders.console import World, make_world
from tests.builders.staff import make_staff, new_phone
from tests.builders.tasks import make_tiers
from tests.mall_console.test_withdrawing import RULE, TARIFF, TERMS
from tests.support.clock import StillClock

pytestmark = pytest.mark.browser


@pytest.fixture
def world(address: str, clock: StillClock) -> World:
    with atomic():
        make_tiers()
        return make_world("甲", "MALLA")


def sign_in(page: Page, address: str, world: World, role: Role) -> None:
    phone = new_phone()
    with atomic():
        make_staff(role, Place(mall_id=world.mall.id), phone=phone)
    enter(page, f"{address}/console", phone)


def fill(page: Page, action: str, fields: dict[str, str]) -> None:
    """Set a version that is yet to begin, by the form of the page."""
    form = page.locator(f'form[action$="{action}"]').filter(has=page.locator("[name=effective_from]"))
    for fold in page.locator("details.fold:not([open]) > summary").all():
        fold.click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button[popovertarget]:visible").last.click()
    page.get_by_role("dialog").get_by_role("button", name="确认").click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("place", "action", "role", "fields"),
    [
        ("parking/tariffs", "/parking/tariffs", Role.OPERATIONS, TARIFF),
        ("messages/rules", "/messages/rules", Role.OPERATIONS, RULE),
        ("contracts/{merchant}", "/contracts/{merchant}/terms", Role.FINANCE, TERMS),
    ],
    ids=["tariff", "rule", "terms"],
)
def test_the_question_lies_above_the_row(
    browser: Browser,
    address: str,
    world: World,
    size: ViewportSize,
    place: str,
    action: str,
    role: Role,
    fields: dict[str, str],
) -> None:
    page = browser.new_page(viewport=size, locale="zh-CN", java_script_enabled=False)
    sign_in(page, address, world, role)
    page.goto(f"{address}{world.base}/{place.format(merchant=world.merchant.code)}")
    fill(page, action.format(merchant=world.merchant.code), fields)
    opener = page.get_by_role("button", name="撤回", exact=True)
    row = page.locator("tr").filter(has=opener)
    before = row.bounding_box()
    opener.click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("撤回 2026-03-12 起的这一版？")
    box, after = question.bounding_box(), row.bounding_box()
    assert box is not None and before is not None and after == before
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
    page.get_by_role("button", name="取消").click()
    expect(question).not_to_be_visible()
    opener.click()
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_role("button", name="撤回", exact=True)).to_have_count(0)
    page.close()
