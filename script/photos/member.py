"""The member's pages in a phone's browser: joining, the card, coupons, and what else is there."""

from playwright.sync_api import Page, Request

from script.benches.support import demo
from script.photos.camera import DESK, PHONE, Studio

PURCHASES = (("YH-1F-01", 4_600), ("YH-4F-08", 58_800))
PLATE = "沪AWH668"
# By the name of the picture: pages that need no more than to be opened by a member.
PAGES = {
    "member-card": "card",
    "member-coupons": "coupons",
    "member-tasks": "tasks",
    "member-points": "points",
    "member-stores": "stores",
    "member-parking": "parking",
    "member-tier": "tier",
    "member-invite": "invite",
    "member-photos": "photos",
    "member-circle": "circle",
    "member-me": "me",
    "member-data": "data",
}
# Those of which the dark form is shown, too.
DARK = ("member-card", "member-coupons", "member-me")


def take(studio: Studio) -> None:
    """Every picture of a member who has just joined; once in a demo mall, since nobody joins twice."""
    with studio.person(PHONE) as page:
        page.goto(f"{studio.stack.url}/h5/#/pages/join/index")
        page.locator("input[aria-label='手机号']").wait_for()
        studio.take(page, "member-join")
        headers = _watch_token(page)
        demo.join(page, studio.stack)
        page.get_by_text("验证码已发送").wait_for(state="hidden")
        studio.take(page, "member-joined")
        _live(studio, page, headers)
        for name, path in PAGES.items():
            _open(studio, page, path)
            studio.take(page, name)
        page.emulate_media(color_scheme="dark")
        for name in DARK:
            _open(studio, page, PAGES[name])
            studio.take(page, f"{name}-dark")
        page.emulate_media(color_scheme="light")
        _pay(studio, page, headers)
        for name, path in (("member-paid", "paid"), ("member-invoices", "invoices")):
            _open(studio, page, path)
            studio.take(page, name)
        _open(studio, page, "stores")
        page.locator("[role=button]:visible", has_text="沸腾火锅").first.click()
        studio.take(page, "member-store")
        _open(studio, page, "coupons")
        page.locator("[role=button]:visible", has_text="餐饮立减").first.click()
        studio.take(page, "member-coupon")
        page.set_viewport_size(DESK)
        _open(studio, page, "card")
        studio.take(page, "member-card")


def _watch_token(page: Page) -> dict[str, str]:
    """The headers by which the page says who it is, as soon as it has said so."""
    headers = {"Idempotency-Key": "a-plate-of-the-pictures"}

    def look(request: Request) -> None:
        if token := request.headers.get("authorization"):
            headers["Authorization"] = token

    page.on("request", look)
    return headers


def _live(studio: Studio, page: Page, headers: dict[str, str]) -> None:
    """They buy, and park a car."""
    api, sandbox = page.request, studio.stack.sandbox_url
    for store, fen in PURCHASES:
        receipt = {"store_code": store, "amount_fen": fen, "phone": demo.NEWCOMER}
        api.post(f"{sandbox}/till/api/receipts", data=receipt)
    api.post(f"{studio.stack.url}/api/v1/members/me/plates", data={"plate": PLATE}, headers=headers)
    person = api.get(f"{sandbox}/phone/api/people").json()["items"][0]["id"]
    car = {"plate": PLATE, "direction": "in", "minutes_ago": 150}
    api.post(f"{sandbox}/phone/api/people/{person}/drive", data=car)


def _pay(studio: Studio, page: Page, headers: dict[str, str]) -> None:
    """They pay for the stay with what the page proposes: a coupon, and points for the rest."""
    _open(studio, page, "parking")
    page.locator("uni-button:visible", has_text="确认抵扣").click()
    page.get_by_text("已缴清").first.wait_for()


def _open(studio: Studio, page: Page, path: str) -> None:
    page.goto("about:blank")
    page.goto(f"{studio.stack.url}/h5/#/pages/{path}/index")
    page.wait_for_load_state("networkidle")
