"""The system's Chromium against the whole application, served by threads on a committed database."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cheroot.wsgi import Server as WSGIServer
from flask import Flask
from playwright.sync_api import Page, expect

from app.identity.codes import member_codes, spoken_codes
from app.kernel.db import atomic
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import PASSWORD, csrf_token_in, make_manager, new_phone
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A clerk's phone."""
    return {**browser_context_args, "viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def address(committed_app: Flask) -> Iterator[str]:
    """Where the application is served, for the length of a test.

    This server ends with the last request: one that outlives the test would use a database that is gone.
    """
    server = WSGIServer(("127.0.0.1", 0), committed_app, numthreads=8, shutdown_timeout=PATIENCE_S)
    server.expiration_interval = 0.05  # also how long it takes to notice that it should stop
    server.prepare()
    worker = threading.Thread(target=server.serve, name="web")
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        worker.join()


@dataclass(frozen=True, slots=True)
class Shop:
    """What the test knows of its store: the manager's phone, codes of coupons, a member's code and digits."""

    phone: str
    cash: str
    minimum: str
    foreign: str
    member_code: str
    spoken: str


@pytest.fixture
def shop(committed_app: object, clock: StillClock) -> Shop:
    """A store of a mall with a member who holds three coupons: cash, one from 300 yuan, one for another store."""
    with atomic():
        mall = make_mall(name="悦汇城")
        store = make_store(mall, make_merchant(), name="沸腾火锅", floor="4F")
        other = make_store(mall, name="拾光咖啡", floor="2F")
        make_till(store)
        phone = new_phone()
        make_manager(store, phone=phone)
        member = make_member(mall, phone="13812345678")
        offers = [
            make_campaign(mall, title="立减十元", stores=[store]),
            make_campaign(mall, title="满300减50", stores=[store], face_fen=5_000, min_spend_fen=30_000),
            make_campaign(mall, title="咖啡券", stores=[other]),
        ]
        cash, minimum, foreign = (make_coupon(member, offer).code for offer in offers)
        code = member_codes.mint(member, now=clock.now).text
        return Shop(phone, cash, minimum, foreign, code, spoken_codes.digits_of(member.public_id, now=clock.now))


def enter(page: Page, face: str, phone: str) -> None:
    """Signs the browser in as the form of the page does, without a look at that page: most tests begin behind it."""
    token = csrf_token_in(page.request.get(f"{face}/sign-in").text())
    form: dict[str, str | float | bool] = {"phone": phone, "password": PASSWORD, "csrf_token": token}
    answer = page.request.post(f"{face}/sign-in", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def open_till(page: Page, address: str, shop: Shop) -> Page:
    """The scan page, signed in by its form and standing in the shop's store."""
    page.goto(f"{address}/portal")
    page.get_by_label("手机号").fill(shop.phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#scan-button")).to_be_enabled()
    return page


@pytest.fixture
def till(page: Page, address: str, shop: Shop) -> Page:
    """The scan page, signed in."""
    enter(page, f"{address}/portal", shop.phone)
    page.goto(f"{address}/portal")
    expect(page.locator("#scan-button")).to_be_enabled()
    return page
