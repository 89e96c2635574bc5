"""What the shopper does on the sandbox phone: joining, the tasks, the plate, the mall's contact."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    go_to_tab,
    tap,
    twin,
)

pytestmark = [pytest.mark.browser, pytest.mark.no_database]


PLATE = "沪AWH668"


def scan_and_join(phone: Page, poster: Path) -> None:
    """The poster's code opens the mini-program; two taps later there is a member with two coupons."""
    scan(phone, poster)
    tap(phone, "同意协议并加入")
    phone.locator("[data-act=allow]").click()
    be_welcome(phone)


def scan(phone: Page, poster: Path) -> None:
    phone.locator("#view-scan input[type=file]").set_input_files(poster)
    phone.locator("#sheet [data-way=mini_program]").click()
    expect(twin(phone).locator("body")).to_contain_text("电梯到之前，先领停车券")


def be_welcome(phone: Page) -> None:
    joined = twin(phone).locator(".joined:visible")
    expect(joined).to_contain_text("欢迎加入悦汇城")
    expect(joined).to_contain_text("2 小时停车券")
    expect(joined).to_contain_text("餐饮立减 10 元")
    tap(phone, "查看我的会员码")
    expect(twin(phone).locator(".qr__picture:visible")).to_be_visible()


def refuse_the_phone_and_join_by_sms(phone: Page, number: str) -> None:
    """WeChat is not allowed to tell the phone's number: it is typed, and proved by what the phone gets to read."""
    tap(phone, "同意协议并加入")
    phone.locator("[data-act=refuse]").click()
    tap(phone, "用短信验证码入会")
    twin(phone).locator("input[type=tel]:visible").fill(number)
    tap(phone, "获取验证码")
    text = phone.locator("#banner span", has_text=re.compile("[0-9]{6}")).inner_text()
    [code] = re.findall("[0-9]{6}", text)
    typed = twin(phone).locator("input[type=number]:visible")
    typed.fill(str((int(code) + 1) % 1_000_000).zfill(6))
    tap(phone, "同意协议并加入")
    expect(twin(phone).locator("body")).to_contain_text("验证码不正确或已过期")
    typed.fill(code)
    tap(phone, "同意协议并加入")


def do_three_tasks(phone: Page) -> None:
    """Preferences, the first-order coupon, reminders; each pays at once."""
    twin(phone).locator("[role=button]:visible", has_text="任务").first.click()
    page = twin(phone).locator("body")
    expect(page).to_contain_text("已完成 0 / 3")
    twin(phone).locator(".chip:visible").first.click()
    tap(phone, "选好了（1）")
    celebrate(phone, "+50", "已完成 1 / 3")
    twin(phone).locator("[role=radio]:visible", has_text="火锅首单减 50 元").click()
    tap(phone, "领取这张券")
    celebrate(phone, "+50", "已完成 2 / 3")
    tap(phone, "一键订阅")
    phone.locator("[data-act=allow]").click()
    celebrate(phone, "+100", "已完成 3 / 3")


def celebrate(phone: Page, points: str, progress: str) -> None:
    party = twin(phone).locator(".party:visible")
    expect(party).to_contain_text(points)
    # One tap puts it away, if it has not gone by itself meanwhile.
    twin(phone).locator("body").evaluate("body => body.querySelector('.party')?.click()")
    expect(party).to_have_count(0)
    expect(twin(phone).locator("body")).to_contain_text(progress)


def bind_plate(phone: Page) -> None:
    """The plate is typed on the page's own keyboard; the parking coupon is tied to it."""
    go_to_tab(phone, "停车")
    tap(phone, "绑定车牌，缴费时可用停车券")
    for letter in PLATE:
        twin(phone).locator(".key:visible").get_by_text(letter, exact=True).click()
    twin(phone).locator("uni-button:visible").get_by_text("绑定", exact=True).click()
    expect(twin(phone).locator("body")).to_contain_text("1 张停车券可用于这辆车")


def add_the_malls_contact(phone: Page) -> None:
    """The contact is added by the entrance's code; the greeting with its guide arrives."""
    phone.locator("#window-close").click()
    phone.get_by_role("tab", name="扫一扫").click()
    phone.locator("#codes .code", has_text="企业微信联系我").first.click()
    phone.locator("[data-act=add-contact]").click()
    expect(phone.locator("#toast")).to_contain_text("已添加")
    phone.get_by_role("tab", name="消息").click()
    expect(phone.locator("[data-channel=wecom]").first).to_contain_text("悦汇城")


def coupon_code(phone: Page, title: str) -> str:
    """The code that the coupon's page shows."""
    go_to_tab(phone, "优惠券")
    twin(phone).locator(".ticket:visible", has_text=title).first.click()
    return twin(phone).locator(".show__code:visible").inner_text()


def another_joins(phone: Page, poster: Path) -> None:
    """Somebody else takes the phone and joins without telling WeChat their number, and allows no reminder."""
    phone.locator("#window-close").click()
    take_phone(phone, 1)
    phone.get_by_role("tab", name="扫一扫").click()
    scan(phone, poster)
    refuse_the_phone_and_join_by_sms(phone, "13800000002")
    be_welcome(phone)


def take_phone(phone: Page, number: int) -> None:
    phone.get_by_role("tab", name="我", exact=True).click()
    phone.locator("#view-me .person").nth(number).click()
