"""The page 我的资料 in a browser: asked for one thing at a time, changed, taken back, and profiling switched off."""

import json

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.identity.profiles import households, queries
from app.identity.profiles.rules import Birthday
from app.kernel import clock as app_clock
from app.kernel.db import atomic
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document, make_member
from tests.builders.malls import make_mall
from tests.builders.profiles import children
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support import axe
from tests.support.member_api import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def member_id(committed_app: Flask, page: Page) -> int:
    """A member who told nothing yet, signed in on the page's browser."""
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        households.ensure_document(now=app_clock.now())
        mall = make_mall(name="悦汇城")
        make_entrance(mall, is_default=True)
        member = make_member(mall, phone="13812345678")
        token = sign_in(committed_app.test_client(), member).token
        found = member.id
    kept = json.dumps({"type": "string", "data": token})
    page.add_init_script(f"localStorage.setItem('huitou.token', {kept!r})")
    return found


def button(page: Page, words: str) -> Locator:
    return page.locator("uni-button:visible", has_text=words)


def row(page: Page, words: str) -> Locator:
    return page.locator("css=.list__row:visible", has_text=words)


def told(member_id: int) -> queries.Profile:
    with atomic():
        return queries.get_profile(member_id)


def test_a_member_tells_bit_by_bit_and_takes_it_back(page: Page, address: str, member_id: int) -> None:
    page.goto(f"{address}/h5/#/pages/me/index")
    row(page, "我的资料").click()
    ask = page.locator("css=.ask")
    expect(ask).to_contain_text("您喜欢逛什么？")
    ask.get_by_role("checkbox", name="亲子").click()
    button(page, "选好了（1）").click()
    expect(page.get_by_text("已保存，获得 50 积分")).to_be_visible()
    expect(ask).to_contain_text("记下了，谢谢您。")
    button(page, "再填一项").click()

    expect(ask).to_contain_text("您的生日是哪天？")
    ask.get_by_role("radio", name="2 月", exact=True).click()
    ask.get_by_role("radio", name="29 日", exact=True).click()
    button(page, "保存 2 月 29 日").click()

    button(page, "再填一项").click()
    expect(ask).to_contain_text("您平时在附近吗？")
    button(page, "跳过，不再问").click()
    expect(ask).to_contain_text("好的，不再问这一项。")

    button(page, "再填一项").click()
    expect(ask).to_contain_text("家里有孩子吗？")
    button(page, "看看需要同意什么").click()
    expect(page.get_by_role("dialog")).to_contain_text("不收集孩子的姓名、生日、照片")
    button(page, "同意并填写").click()
    page.get_by_role("button", name="3–6 岁多一个").click()
    button(page, "保存（1 个孩子）").click()
    expect(ask).to_have_count(0)
    expect(page.locator("css=.percent")).to_have_text("80%")
    profile = told(member_id)
    assert (profile.preferences, profile.birthday, profile.nearby) == (["kids"], Birthday(2, 29), None)
    assert profile.household is not None and profile.household.children == children(age_3_6=1)

    row(page, "家庭").click()
    button(page, "撤回同意并删除").click()
    expect(row(page, "家庭")).to_contain_text("未填写")
    assert told(member_id).household is None
    row(page, "住处与公司").click()
    page.get_by_role("radio", name="在附近上班", exact=True).click()
    button(page, "保存").click()
    expect(row(page, "住处与公司")).to_contain_text("在附近上班")


def test_a_member_switches_profiling_off(page: Page, address: str, member_id: int) -> None:
    page.goto(f"{address}/h5/#/pages/profile/index")
    switch = page.get_by_role("switch", name="个性化分析")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert told(member_id).profiling_off_at is not None
    page.reload()
    expect(switch).to_contain_text("已关闭")
    assert axe.look(page) == []
