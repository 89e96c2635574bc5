"""An operator's morning with the stages: another threshold, the past, a segment, and one member who is at risk."""

import pytest
from playwright.sync_api import Page, expect

from app.access.models import Role
from app.kernel import clock as app_clock
from app.kernel.db import atomic
from app.lifecycle.stages import nights
from app.timeline.models import EventKind
from tests.browser.conftest import DESK, enter
from tests.builders.staff import make_staff, new_phone
from tests.builders.tasks import make_tiers
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support.clock import StillClock

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(page: Page, address: str, clock: StillClock) -> str:
    """Where the mall's console is, for an operator of the group who is signed in.

    Three months ago and last night everybody's stage was worked out: one member last bought 95 days ago, one 70.
    """
    phone = new_phone()
    with atomic():
        make_tiers()
        world = World()
        for days in (95, 70):
            member = world.person(joined=ago(200))
            world.buy(member, ago(days))
            world.act(member, EventKind.VISITED, ago(3))
        regular = world.person(joined=ago(200))
        for days in (1, 4, 100):
            world.buy(regular, ago(days), fen=90_000)
        make_staff(Role.OPERATIONS, name="陈岚", phone=phone)
        code = world.mall_code
    for night in (ago(120), TODAY):
        with atomic():
            nights.run(night, now=app_clock.now())
    page.set_viewport_size(DESK)
    enter(page, f"{address}/console", phone)
    return f"{address}/console/{code}"


@pytest.mark.requirement("S0.3")
def test_an_operator_changes_a_threshold_and_understands_who_is_at_risk(page: Page, desk: str) -> None:
    page.goto(f"{desk}/lifecycle")
    page.get_by_role("link", name="规则", exact=True).click()
    page.get_by_role("link", name="调整规则").click()
    page.get_by_label("流失预警").fill("60")
    page.get_by_role("button", name="试算影响").click()
    expect(page.locator(".trial-moved")).to_contain_text("1 位会变动")
    expect(page.locator(".trial-moves tbody tr")).to_contain_text("流失预警")
    expect(page.get_by_label("生效日期")).to_have_value("2026 年 3 月 12 日")
    page.get_by_role("button", name="发布新规则").click()
    page.get_by_role("button", name="确认发布新规则").click()
    expect(page.locator("tr", has_text="2026-03-12 起")).to_contain_text("待生效")

    page.get_by_role("link", name="时光机").click()
    page.get_by_label("回到哪一天").fill("2025-12-10")
    page.get_by_label("从哪一天开始看变动").fill("2025-11-20")
    page.get_by_label("用哪一版规则推算").select_option(label="2026-03-12 起的版本")
    page.get_by_role("button", name="回到那天").click()
    expect(page.get_by_role("heading", name="2025 年 12 月 10 日", exact=True)).to_be_visible()
    expect(page.get_by_text("流失预警 60 天（现行 90 天）")).to_be_visible()
    expect(page.locator(".trial-moved")).to_contain_text("位会员的分层与当时不同")

    page.goto(f"{desk}/segments/new")
    page.get_by_label("名称").fill("快要流失的会员")
    page.get_by_label("选择条件").select_option("stage")
    page.get_by_role("button", name="添加条件", exact=True).click()
    page.get_by_role("group", name="分层").get_by_text("流失预警").click()
    expect(page.locator(".segment-number")).to_have_text("1 位")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已建好")
    page.locator("tbody tr").get_by_role("link").first.click()
    expect(page.get_by_text("96 天未消费，4 天前到店").first).to_be_visible()
