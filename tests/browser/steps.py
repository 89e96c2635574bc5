"""What the steps of the whole way share: the stack and its browsers, signing in, the mini-program, files."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import openpyxl
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from cli.demo.directory import PASSWORD
from tests.browser.conftest import DESK, PHONE
from tests.support import run, stacks
from tests.support.chromium_flags import PATIENCE_MS
from tests.support.patience import PATIENCE_S
from tests.support.stacks import Stack

AMOUNT = "结算金额(元)"
PICTURES = run.ROOT / "var" / "whole-way"


@dataclass(slots=True)
class Way:
    """The stack, the browsers that look at it, and what was learnt on the way."""

    stack: Stack
    browser: Browser
    open: dict[str, BrowserContext] = field(default_factory=dict)

    def page(self, name: str, size: dict[str, int] = PHONE) -> Page:
        """A new tab in the browser of that person, who keeps it (and its cookies) until the end."""
        if name not in self.open:
            # As fine as a phone's screen: the rolling code is read off a picture of it.
            context = self.browser.new_context(
                viewport=size,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                device_scale_factor=3 if size is PHONE else 1,
            )
            context.set_default_timeout(PATIENCE_MS)
            self.open[name] = context
        return self.open[name].new_page()

    def leave(self) -> None:
        """Closes every browser: a day ends."""
        for context in self.open.values():
            context.close()
        self.open.clear()

    def photograph(self) -> None:
        """What everybody sees at this moment, for whoever has to find out what went wrong."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, context in self.open.items():
            for number, page in enumerate(context.pages):
                page.screenshot(path=PICTURES / f"{name}-{number}.png")


def sign_in(page: Page, portal: str, phone: str) -> None:
    page.goto(portal)
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("密码")).to_be_hidden()


def at_console(way: Way, name: str, phone: str, path: str) -> Page:
    """Somebody of the mall's staff at a page of the console."""
    signed_in = name in way.open
    page = way.page(name, DESK)
    if not signed_in:
        sign_in(page, f"{way.stack.url}/console", phone)
    page.goto(f"{way.stack.url}/console/YH{path}")
    return page


def twin(phone: Page) -> FrameLocator:
    """The mini-program on the sandbox phone."""
    return phone.frame_locator("#frame")


def tap(phone: Page, words: str) -> None:
    """One tap on a button of the mini-program; pages behind the one on top are not meant."""
    twin(phone).locator("uni-button:visible, [role=button]:visible", has_text=words).first.click()


def go_to_tab(phone: Page, name: str) -> None:
    """Opens the mini-program anew from the phone and goes to one of its four tabs."""
    if phone.locator("#window").is_visible():
        phone.locator("#window-close").click()
    phone.get_by_role("tab", name="扫一扫").click()
    phone.locator("#open-home").click()
    expect(twin(phone).locator(".pass:visible")).to_be_visible()
    twin(phone).locator("[role=tab]:visible", has_text=name).first.click()


def download(page: Page, link: str, path: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    started.value.save_as(path)
    return path


def read_code(place: Locator) -> str:
    """What a scanner reads there, as soon as there is something to read."""
    found: list[str] = []

    def look() -> bool:
        picture = Image.open(io.BytesIO(place.screenshot()))
        found.extend(barcode.text for barcode in zxingcpp.read_barcodes(picture))
        return bool(found)

    stacks.wait_until(look, seconds=PATIENCE_S)
    return found[0]


def fen_of(text: str) -> int:
    """`-¥1,234.50` as -123450."""
    sign = -1 if text.strip()[0] in "-−" else 1
    return sign * int(Decimal(re.sub(r"[^0-9.]", "", text)) * 100)


def fen_in_sheet(book: openpyxl.Workbook) -> Iterator[int]:
    header, *rows = book["明细"].iter_rows(values_only=True)
    for row in rows:
        if row[0] != "合计":
            yield round(dict(zip(header, row, strict=True))[AMOUNT] * 100)


def fen_in_csv(content: bytes) -> Iterator[int]:
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        yield int(Decimal(row[AMOUNT]) * 100)
