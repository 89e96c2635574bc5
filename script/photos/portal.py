"""The merchant portal: a clerk at the till, and the manager with the month's statement."""

from playwright.sync_api import Page, ViewportSize

from script.benches.support import demo
from script.photos import shopper
from script.photos.camera import DESK, PHONE, Studio

CLERK = "13900000012"
SPEND = "128.50"
POINTS_YUAN = "3.00"


def take(studio: Studio) -> None:
    """Every picture of the portal. Needs a closed month."""
    with studio.person(PHONE) as page:
        _sign_in_page(studio, page)
        customer = shopper.come(studio, page)
        code = customer.dining_code()
        for size in (PHONE, DESK):
            _till(studio, size, code)
            _points(studio, size, customer.member_code())
            _manager(studio, size)


def _sign_in_page(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.stack.url}/portal/sign-in")
    studio.take(page, "portal-sign-in")
    page.goto(f"{studio.stack.url}/portal/forgotten")
    studio.take(page, "portal-forgotten")


def _till(studio: Studio, size: ViewportSize, code: str) -> None:
    """One coupon is redeemed, refused a second time, and given back, so that it serves again."""
    with studio.person(size) as page:
        demo.sign_in(page, f"{studio.stack.url}/portal", CLERK)
        _type(page, code)
        page.locator("#spend").fill(SPEND)
        studio.take(page, "portal-coupon")
        page.locator("#confirm").click()
        page.locator(".verdict-good").wait_for()
        studio.take(page, "portal-done")
        page.get_by_role("button", name="撤销这次核销").click()
        studio.take(page, "portal-undo")
        page.get_by_role("button", name="不撤销，返回").click()
        page.locator("#again").click()
        _type(page, code)
        studio.take(page, "portal-refused")
        page.locator("#again").click()
        page.context.set_offline(True)
        _type(page, code)
        studio.take(page, "portal-network")
        page.context.set_offline(False)
        page.goto(f"{studio.stack.url}/portal")
        page.locator("#uses .use").first.wait_for()
        studio.take(page, "portal-till")
        page.get_by_role("button", name="报手机尾号").click()
        studio.take(page, "portal-spoken")
        page.goto(f"{studio.stack.url}/portal/history")
        studio.take(page, "portal-history")
        page.goto(f"{studio.stack.url}/portal")
        page.locator(".use-undo").first.click()
        page.get_by_role("button", name="确认撤销").click()
        page.locator(".verdict-good").wait_for()


def _points(studio: Studio, size: ViewportSize, code: str) -> None:
    """Points are taken for a member's code, and given back."""
    with studio.person(size) as page:
        demo.sign_in(page, f"{studio.stack.url}/portal", CLERK)
        _type(page, code)
        page.locator("#take-points").click()
        page.locator("#spend").fill(POINTS_YUAN)
        studio.take(page, "portal-points")
        page.get_by_role("button", name="收取积分").click()
        page.locator(".verdict-good").wait_for()
        studio.take(page, "portal-points-done")
        page.get_by_role("button", name="撤销这笔收款").click()
        page.get_by_role("button", name="确认撤销").click()
        page.get_by_role("heading", name="已撤销").wait_for()


def _type(page: Page, code: str) -> None:
    page.locator("#typed-code").fill(code)
    page.get_by_role("button", name="查询").click()
    page.locator(".sheet, .verdict").wait_for()


def _manager(studio: Studio, size: ViewportSize) -> None:
    with studio.person(size) as page:
        demo.sign_in(page, f"{studio.stack.url}/portal", demo.MANAGER)
        page.goto(f"{studio.stack.url}/portal/clerks")
        studio.take(page, "portal-clerks")
        page.goto(f"{studio.stack.url}/portal/statements")
        studio.take(page, "portal-statements")
        page.locator(".bills a").first.click()
        studio.take(page, "portal-statement")
