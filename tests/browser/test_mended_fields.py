"""What was wrong with a field is told until the field is touched; the other fields of its form keep theirs."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.support.run import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.no_database]

DIST = ROOT / "static" / "dist"
FORM = """<!doctype html><html lang="zh-CN"><title>店员</title><body><form>
<input name="phone" aria-invalid="true" aria-describedby="problem-phone"><small id="problem-phone">手机号不正确</small>
<input type="checkbox" name="store"><input type="checkbox" name="store"><p id="problem-store">请至少选择一家门店</p>
<textarea name="reference.A-1" aria-invalid="true"></textarea><small id="problem-reference.A-1">请填写</small></form>"""


@pytest.mark.parametrize("face", ["console.js", "portal.js"])
def test_a_refusal_goes_when_its_field_is_mended(page: Page, face: str) -> None:
    built = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    page.set_content(FORM)
    page.add_script_tag(path=DIST / built[face])
    page.locator("[name=phone]").fill("13800000000")
    expect(page.locator("[name=phone]")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("[id^=problem]")).to_have_count(2)
    page.locator("[name=store]").last.check()
    expect(page.locator("[id^=problem]")).to_have_text("请填写")
    page.locator("textarea").fill("B")
    expect(page.locator("[id^=problem], [aria-invalid]")).to_have_count(0)
