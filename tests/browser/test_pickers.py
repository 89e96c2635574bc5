"""Fields for days and times: what is typed, what is pressed, what is sent, and what they are without a script."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.support import axe
from tests.support.run import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.no_database]

DIST = ROOT / "static" / "dist"
FORM = """<!doctype html><html lang="zh-CN" data-today="2026-03-11"><title>日期</title><body><main><h1>日期</h1>
<form><label>开始日期
<input type="date" name="day" min="2026-03-05" max="2026-12-31" value="2026-03-31" required></label>
<label>结束日期<input type="date" name="until"></label>
<label>静默开始<input type="time" name="at" value="21:00" required></label><button>保存</button></form></main>"""


@pytest.fixture
def form(page: Page) -> Page:
    built = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    page.set_content(FORM)
    page.add_style_tag(path=DIST / built["console.css"])
    page.add_script_tag(path=DIST / built["console.js"])
    expect(page.get_by_label("开始日期")).to_have_value("2026 年 3 月 31 日")
    return page


def sent(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("Object.fromEntries(new FormData(document.forms[0]))")
    return found


def test_a_day_is_chosen_by_finger_on_weeks_that_begin_on_monday(form: Page) -> None:
    form.get_by_label("结束日期").click()
    calendar = form.get_by_role("dialog", name="选择日期")
    assert calendar.get_by_role("columnheader").all_inner_texts() == ["一", "二", "三", "四", "五", "六", "日"]
    expect(calendar).to_contain_text("2026 年 3 月")
    assert axe.look(form) == []
    calendar.get_by_role("button", name="下个月").click()
    calendar.get_by_role("button", name="2026 年 4 月 1 日 星期三").click()
    expect(form.get_by_label("结束日期")).to_have_value("2026 年 4 月 1 日")
    expect(calendar).to_be_hidden()
    assert sent(form) == {"day": "2026-03-31", "until": "2026-04-01", "at": "21:00"}
    form.get_by_label("结束日期").click()
    calendar.get_by_role("button", name="清除").click()
    assert sent(form)["until"] == ""


def test_keys_go_by_days_weeks_and_months_within_the_bounds(form: Page) -> None:
    field = form.get_by_label("开始日期")
    field.focus()
    for key in ("ArrowDown", "PageUp", "PageDown", "ArrowUp", "Home", "ArrowLeft"):
        form.keyboard.press(key)
    # Not before the 5th; then a month on to the 5th of April, a week back, its Monday the 23rd, a day back.
    expect(form.locator(":focus")).to_have_accessible_name("2026 年 3 月 22 日 星期日")
    form.keyboard.press("Enter")
    expect(field).to_have_value("2026 年 3 月 22 日")
    expect(field).to_be_focused()
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Escape")
    expect(form.get_by_role("dialog")).to_be_hidden()
    expect(field).to_be_focused()


def test_days_are_typed_as_people_write_them(form: Page) -> None:
    field = form.get_by_label("开始日期")
    for typed in ("2026-4-5", "2026/4/5", "2026年4月5日", "20260405", "4月5日", "２０２６．４．５"):
        field.fill(typed)
        assert sent(form)["day"] == "2026-04-05", typed
        field.blur()
        expect(field).to_have_value("2026 年 4 月 5 日")


def test_what_is_no_day_or_lies_outside_is_said_before_anything_is_sent(form: Page) -> None:
    field = form.get_by_label("开始日期")
    example = "请填写日期，例如 2026 年 3 月 1 日"
    for typed, problem in (("2026年2月30日", example), ("2026-3-4", "不能早于 2026 年 3 月 5 日"), ("2026-3-6", "")):
        field.fill(typed)
        field.blur()
        assert field.evaluate("field => field.validationMessage") == problem


def test_a_time_is_chosen_or_typed(form: Page) -> None:
    field = form.get_by_label("静默开始")
    field.click()
    clock = form.get_by_role("dialog", name="选择时间")
    clock.get_by_role("button", name="22时").click()
    clock.get_by_role("button", name="30分").click()
    expect(field).to_have_value("22:30")
    for typed, meant in (("9点半", "09:30"), ("2147", "21:47"), ("８：０５", "08:05")):
        field.fill(typed)
        assert sent(form)["at"] == meant
    field.fill("24:00")
    field.blur()
    assert field.evaluate("field => field.validationMessage") == "请填写时间，例如 21:00"


def test_without_a_script_the_plain_fields_are_there(page: Page) -> None:
    page.set_content(FORM)
    assert page.locator("[name=day]").get_attribute("type") == "date"
    assert sent(page)["day"] == "2026-03-31"
