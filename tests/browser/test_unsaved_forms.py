"""A longer form that was begun is not left without a question; one that was sent, or a line to search with, is."""

import json

import pytest
from playwright.sync_api import Dialog, Page

from tests.support.run import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.no_database]

DIST = ROOT / "static" / "dist"
LONG = '<input name="name"><input name="sum"><textarea name="note"></textarea>'
PAGE = """<!doctype html><html lang="zh-CN"><title>活动</title><body>
<form id="long" method="post" action="#">{long}<button>保存</button></form>
<form id="search" method="get">{long}</form><form id="short" method="post"><input name="code"></form>"""


@pytest.mark.parametrize("face", ["console.js", "portal.js"])
@pytest.mark.parametrize(
    ("form", "sends", "asked"), [("long", False, 1), ("long", True, 0), ("search", False, 0), ("short", False, 0)]
)
def test_a_form_that_was_begun_is_not_left_without_a_question(
    page: Page, face: str, form: str, sends: bool, asked: int
) -> None:
    asking: list[str] = []

    def answer(dialog: Dialog) -> None:
        asking.append(dialog.type)
        dialog.accept()

    built = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    page.on("dialog", answer)
    page.set_content(PAGE.format(long=LONG))
    page.add_script_tag(path=DIST / built[face])
    page.locator(f"#{form} input").first.press_sequentially("满 100 减 20")
    if sends:
        page.evaluate("document.querySelector('#long').addEventListener('submit', (event) => event.preventDefault())")
        page.locator("#long button").click()
    page.reload()
    assert asking == ["beforeunload"] * asked
