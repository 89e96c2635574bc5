"""Every page of every face under axe: nothing serious or critical. A route that no list here has fails the test."""

import json
import re
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access.models import Role
from app.kernel.db import atomic
from tests.browser.conftest import DESK, enter
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.circle import make_circle
from tests.builders.console import World, make_world
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document
from tests.builders.staff import make_manager, make_staff, new_phone
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.mall_console import addresses
from tests.mall_console.addresses.parking import invoice
from tests.support import axe
from tests.support.clock import StillClock
from tests.support.member_api import sign_in
from tests.support.run import ROOT

pytestmark = pytest.mark.browser

# Answers that are no pages: files, pictures, facts for scripts, and where one is only led on.
NO_PAGES = re.compile(
    r"\.(png|pdf|xlsx|csv|<suffix>)$|/api/|^/console/?$|/(code|image)$|^/console/<mall_code>/list-files/<public_id>"
)


# The members' pages, and what stands on each as soon as it is whole; guests are led to the first two, members away.
GUESTS = {"pages/join/index": "甲领券", "pages/signin/index": "获取验证码"}
MEMBERS = {
    "pages/card/index": "可用优惠券",
    "pages/coupons/index": "甲满减",
    "pages/parking/index": "我的车牌",
    "pages/me/index": "我的数据",
    "pages/coupon/index": "甲满减",
    "pages/tasks/index": "已完成",
    "pages/points/index": "余额",
    "pages/data/index": "注销",
    "pages/tier/index": "不会到期降级",
    "pages/exchange/index": "积分兑换",
    "pages/claims/index": "补登积分",
    "pages/invite/index": "邀请好友",
    "pages/photos/index": "拍下整张小票",
    "pages/circle/index": "怎么积分",
    "pages/paid/index": "发票申请已提交",
    "pages/invoices/index": "申请中",
    "pages/stores/index": "甲火锅",
    "pages/profile/index": "我的资料",
}


@pytest.fixture
def world(committed_app: Flask, clock: StillClock) -> World:
    """A mall with one of everything."""
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        made = make_world("甲", "YH")
        make_entrance(made.mall, is_default=True)
        make_circle(made.mall)
        return made


def grave(
    page: Page, paths: Iterable[str], open_: Callable[[str], object], *, known: str
) -> dict[str, list[axe.Finding]]:
    """Findings by page; what every page has is looked at once, on the first one."""
    found = {}
    for number, path in enumerate(paths):
        open_(path)
        found[path] = axe.look(page, known=[known] if number else [])
    return {path: findings for path, findings in found.items() if findings}


def pages_of(app: Flask, face: str) -> set[str]:
    """Endpoints of a face that answer with a page."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(face) and "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if not NO_PAGES.search(rule.rule)}


def endpoints(app: Flask, paths: Iterable[str]) -> set[str]:
    """Where the paths lead."""
    adapter = app.url_map.bind("localhost")
    return {adapter.match(path.split("?")[0])[0] for path in paths}


def test_the_console(page: Page, address: str, committed_app: Flask, world: World) -> None:
    with atomic():
        inside = [f"{world.base}{path}" for path in addresses.pages(world)]
    paths = [*(path for path in inside if not NO_PAGES.search(path.split("?")[0])), "/console/password"]
    strangers = ["/console/sign-in"]
    assert endpoints(committed_app, [*strangers, *paths]) == pages_of(committed_app, "/console")
    with atomic():
        phone = new_phone()
        make_staff(Role.ADMINISTRATOR, phone=phone)
        paths.append(f"{world.base}/nowhere")
    page.set_viewport_size(DESK)
    assert grave(page, strangers, lambda path: page.goto(address + path), known=".brand") == {}
    enter(page, f"{address}/console", phone)
    assert grave(page, paths, lambda path: page.goto(address + path), known=".nav") == {}


def test_the_portal(page: Page, address: str, committed_app: Flask, world: World) -> None:
    with atomic():
        statement, clerk = world.statement_no, world.clerk.public_id
    paths = [
        "/portal",
        "/portal/history",
        "/portal/statements",
        f"/portal/statements/{statement}",
        "/portal/clerks",
        "/portal/clerks/new",
        f"/portal/clerks/{clerk}",
        "/portal/me",
        "/portal/me/password",
        "/portal/stores",
    ]
    strangers = ["/portal/sign-in", "/portal/forgotten"]
    assert endpoints(committed_app, [*strangers, *paths]) == pages_of(committed_app, "/portal")
    with atomic():
        phone = new_phone()
        make_manager(world.store, phone=phone)
    assert grave(page, strangers, lambda path: page.goto(address + path), known=".brand") == {}
    enter(page, f"{address}/portal", phone)
    paths.append("/portal/nowhere")
    assert grave(page, paths, lambda path: page.goto(address + path), known=".tabs") == {}


def test_the_members_pages(page: Page, address: str, committed_app: Flask, world: World) -> None:
    """The router keeps pages beneath the one on top: axe sees what a person sees."""
    built = re.findall(r'"path": "([a-z/]+)"', (ROOT / "miniprogram/src/pages.json").read_text(encoding="utf-8"))
    assert set(built) == {*GUESTS, *MEMBERS}
    with atomic():
        invoice(world)
        scene, coupon_id = world.entrance.scene, make_coupon(world.member, make_campaign(world.mall, title="甲满减")).id
        token = sign_in(committed_app.test_client(), world.member).token

    def go(path: str) -> None:
        query = f"?id={coupon_id}" if path == "pages/coupon/index" else ""
        page.evaluate("hash => { location.hash = hash }", f"#/{path}{query}")
        expect(page.locator(f"uni-page[data-page='{path}']")).to_contain_text((GUESTS | MEMBERS)[path])

    page.goto(f"{address}/h5/?scene={scene}")
    found = grave(page, GUESTS, go, known="uni-tabbar")
    page.evaluate("token => localStorage.setItem('huitou.token', token)", json.dumps({"type": "string", "data": token}))
    page.goto(f"{address}/h5/")
    expect(page.locator(".pass")).to_be_visible()
    found |= grave(page, MEMBERS, go, known="uni-tabbar")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html.dark")).to_have_count(1)
    found |= {f"{path} (dark)": one for path, one in grave(page, MEMBERS, go, known="uni-tabbar").items()}
    assert found == {}
