"""The mall's console: operations, and finance closing a month."""

import re

from playwright.sync_api import Page, ViewportSize

from script.benches.support import demo
from script.photos.camera import DESK, PHONE, Studio

FINANCE = "13900000003"
PAGES = {
    "console-today": "",
    "console-campaigns": "/campaigns",
    "console-entrances": "/entrances",
    "console-messages": "/messages",
    "console-touch-rules": "/messages/rules",
    "console-parking": "/parking",
    "console-car-parks": "/parking/car-parks",
    "console-audit": "/audit",
    "console-lifecycle": "/lifecycle",
    "console-matrix": "/lifecycle/matrix",
    "console-figures": "/lifecycle/figures",
    "console-cohorts": "/lifecycle/cohorts",
    "console-review": "/lifecycle/review",
    "console-stage-rules": "/lifecycle/rules/new",
    "console-tags": "/tags",
    "console-segment-new": "/segments/new",
    "console-earning": "/points/rules",
    "console-earning-new": "/points/rules/new",
    "console-points-liability": "/points/liability",
    "console-points-payments": "/points/payments",
    "console-tiers": "/tiers",
    "console-tier-falling": "/tiers/near/falling",
    "console-tier-rising": "/tiers/near/rising",
    "console-claims": "/purchases/claims",
    "console-receipt-photos": "/purchases/photos",
    "console-circle": "/circle",
    "console-invitations": "/invitations",
}
# Forms whose answer is looked at: where they are, what is typed, what the button says.
REHEARSALS = {
    "console-earning-rehearsal": ("/points/rules/new", {"birthday": "100", "first_order": "50"}, "推演近 90 天"),
    "console-tier-rehearsal": ("/tiers/new", {"at_gold": "3000"}, "推演影响"),
}
# What is also looked at on the way, on a phone.
ON_THE_WAY = {"console-today": "", "console-lifecycle": "/lifecycle", "console-review": "/lifecycle/review"}
# Pages behind one row of a list, which is not somebody of the pictures.
ROW = 3
BEHIND = {"console-entrance": "/entrances", "console-member": "/members"}


def take(studio: Studio) -> None:
    """Every picture that operations look at."""
    with studio.person(DESK) as page:
        demo.sign_in(page, f"{studio.stack.url}/console", demo.ADMINISTRATOR)
        for name, path in PAGES.items():
            page.goto(f"{studio.stack.url}/console/YH{path}")
            studio.take(page, name)
        for name, path in BEHIND.items():
            page.goto(f"{studio.stack.url}/console/YH{path}")
            page.locator("#rows td a, td.main a").nth(ROW).click()
            studio.take(page, name)
        for name, (path, typed, button) in REHEARSALS.items():
            page.goto(f"{studio.stack.url}/console/YH{path}")
            for field, value in typed.items():
                page.locator(f"[name={field}]").fill(value)
            page.get_by_role("button", name=button).click()
            page.locator(".figures").first.wait_for()
            studio.take(page, name)
    with studio.person(PHONE) as page:
        demo.sign_in(page, f"{studio.stack.url}/console", demo.ADMINISTRATOR)
        for name, path in ON_THE_WAY.items():
            page.goto(f"{studio.stack.url}/console/YH{path}")
            studio.take(page, name)


def take_settlement(studio: Studio) -> None:
    """Finance closes last month, unless it is closed, and looks at its statements."""
    for size in (DESK, PHONE):
        with studio.person(size) as page:
            demo.sign_in(page, f"{studio.stack.url}/console", FINANCE)
            _close_month(studio, page)
            _settlement(studio, page, size)


def _close_month(studio: Studio, page: Page) -> None:
    page.goto(f"{studio.stack.url}/console/YH/settlement")
    close = page.get_by_role("link", name=re.compile("关账$"))
    if close.count():
        close.first.click()
        page.get_by_role("button", name="确认关账").click()
        page.get_by_role("link", name="沸腾餐饮", exact=True).wait_for()


def _settlement(studio: Studio, page: Page, size: ViewportSize) -> None:
    page.goto(f"{studio.stack.url}/console/YH/settlement")
    page.locator("td.main a").first.click()
    statement = page.get_by_role("link", name="沸腾餐饮", exact=True)
    statement.wait_for()
    studio.take(page, "console-statements")
    if size is DESK:
        statement.click()
        studio.take(page, "console-statement")
