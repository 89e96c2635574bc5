"""Paying with points at a till, seen from both sides: the clerk's phone waits until the member's says yes."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.benefits.coupons import queries as coupons
from app.identity import queries as members
from app.kernel.db import atomic
from app.malls import queries as malls
from app.points.ledger import queries as points_queries
from tests.browser.conftest import DESK, PHONE, Shop
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.builders.till_points import give_points
from tests.support.member_api import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def member_id(shop: Shop) -> int:
    """The shop's member, with 10,000 points."""
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        found = coupons.find_by_code(shop.cash)
        assert found is not None
        member = members.get_member(found[0])
        make_entrance(malls.get_mall(member.home_mall_id), is_default=True)
        give_points(member, 10_000)
        return member.id


@pytest.fixture
def phone(committed_app: Flask, browser: Browser, address: str, member_id: int) -> Iterator[Page]:
    """The member's own phone, on the page with their code."""
    with atomic():
        token = sign_in(committed_app.test_client(), members.get_member(member_id)).token
    kept = json.dumps({"type": "string", "data": token})
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_init_script(f"localStorage.setItem('huitou.token', {kept!r})")
    page = context.new_page()
    page.goto(f"{address}/h5/#/pages/card/index")
    expect(page.locator(".qr__picture:visible")).to_be_visible()
    yield page
    context.close()


def available(member_id: int) -> int:
    with atomic():
        return points_queries.get_balance(member_id).available_points


@pytest.mark.requirement("S3.8")
def test_the_till_waits_until_the_members_phone_says_yes(till: Page, phone: Page, shop: Shop, member_id: int) -> None:
    till.locator("#typed-code").fill(shop.member_code)
    till.locator("#typed-code").press("Enter")
    expect(till.locator("#take-points")).to_contain_text("超 2,000 积分需会员手机确认")
    till.locator("#take-points").click()
    expect(till.locator("#stage")).to_contain_text("可用 10,000 积分，最多抵 ¥100.00")
    till.locator("#spend").fill("50")
    expect(till.locator("#stage")).to_contain_text("收 5,000 积分，抵 ¥50.00，需会员在手机上确认")
    till.get_by_role("button", name="收取积分").click()
    expect(till.get_by_role("heading", name="等待会员确认")).to_be_visible()

    ask = phone.locator(".ask:visible")
    expect(ask).to_contain_text("沸腾火锅")
    expect(ask).to_contain_text("抵 ¥50.00")
    phone.locator("uni-button:visible", has_text="确认付款").click()
    expect(phone.get_by_text("已付 5,000 积分，抵 ¥50.00")).to_be_visible()

    expect(till.get_by_role("heading", name="收款成功")).to_be_visible()
    assert available(member_id) == 5_000
    till.get_by_role("button", name="撤销这笔收款").click()
    till.get_by_role("button", name="确认撤销").click()
    expect(till.get_by_role("heading", name="已撤销")).to_be_visible()
    assert available(member_id) == 10_000
    till.get_by_role("button", name="继续扫码").click()
    expect(till.locator("#uses")).to_contain_text("积分付款")


def test_who_left_finds_the_payment_that_waits_again(till: Page, phone: Page, shop: Shop, member_id: int) -> None:
    """The clerk's page was closed, the member's too: both come back to it, and the clerk gives it up."""
    till.locator("#typed-code").fill(shop.member_code)
    till.locator("#typed-code").press("Enter")
    till.locator("#take-points").click()
    till.locator("#spend").fill("50")
    till.get_by_role("button", name="收取积分").dblclick()
    expect(till.get_by_role("heading", name="等待会员确认")).to_be_visible()
    till.reload()
    expect(till.locator("#uses")).to_contain_text("等待会员确认")
    expect(till.locator(".use", has_text="积分付款")).to_have_count(1)
    till.set_viewport_size(DESK)  # where the list stands beside what is shown
    for _ in range(2):  # also from one that is shown already: another clerk's may wait beside it
        till.get_by_role("button", name="查看或取消").click()
        expect(till.locator("#stage")).to_contain_text("¥50.00")

    phone.reload()
    expect(phone.locator(".ask:visible")).to_contain_text("抵 ¥50.00")
    till.get_by_role("button", name="取消收款").click()
    expect(till.get_by_role("heading", name="没有收到积分")).to_be_visible()
    expect(till.locator("#stage")).to_contain_text("店员取消")
    expect(phone.locator(".ask:visible")).to_have_count(0)
    expect(till.get_by_role("button", name="查看或取消")).to_have_count(0)
    assert available(member_id) == 10_000
