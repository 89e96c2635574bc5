"""Points and tiers from the desk to the phone: a rule is rehearsed and published, earned by, spent, and taken back."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.access.models import Role
from app.benefits.coupons import queries as coupons
from app.identity import queries as members
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel.db import atomic
from app.malls import queries as malls
from app.malls.models import Store
from app.tiers.ladders import ladders
from tests.browser.conftest import DESK, PHONE, Shop, enter
from tests.builders.buying import buy
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document
from tests.builders.machines import Machine, make_machine
from tests.builders.staff import make_staff, new_phone
from tests.builders.tasks import make_newbie_tasks
from tests.support.clock import StillClock
from tests.support.member_api import sign_in

pytestmark = pytest.mark.browser

RECEIPTS = "/open/v1/receipts"


@pytest.fixture
def member(shop: Shop, clock: StillClock) -> Member:
    """The shop's member, who stands on the lowest tier."""
    with atomic():
        ladders.begin_with(ladders.DEFAULT, now=clock.now)
        make_newbie_tasks()
        make_consent_document()
        found = coupons.find_by_code(shop.cash)
        assert found is not None
        member = members.get_member(found[0])
        make_entrance(malls.get_mall(member.home_mall_id), is_default=True)
        return member


@pytest.fixture
def store(member: Member) -> Store:
    with atomic():
        return next(one for one in malls.list_stores(mall_id=member.home_mall_id) if one.name == "沸腾火锅")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of their own for each person; a member's knows who they are."""
    contexts = []

    def open_one(size: dict[str, int], token: str = "") -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        if token:
            kept = json.dumps({"type": "string", "data": token})
            context.add_init_script(f"localStorage.setItem('huitou.token', {kept!r})")
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def desk(open_page: Callable[..., Page], address: str, member: Member) -> Page:
    """The console of the mall, for an operator of the group who is signed in."""
    phone = new_phone()
    with atomic():
        make_staff(Role.OPERATIONS, name="陈岚", phone=phone)
    page = open_page(DESK)
    enter(page, f"{address}/console", phone)
    return page


@pytest.fixture
def console(address: str, member: Member) -> str:
    with atomic():
        return f"{address}/console/{malls.get_mall(member.home_mall_id).code}"


@pytest.fixture
def machine(store: Store) -> Machine:
    with atomic():
        return make_machine(malls.get_mall(store.mall_id), "pos")


@pytest.mark.requirement("S1.13")
def test_a_rule_is_rehearsed_published_earned_by_spent_and_taken_back(
    desk: Page,
    page: Page,
    shop: Shop,
    console: str,
    open_page: Callable[..., Page],
    committed_app: Flask,
    address: str,
    clock: StillClock,
    member: Member,
    store: Store,
    machine: Machine,
) -> None:
    with atomic():
        buy(members.get_member(member.id), store, clock.now - timedelta(days=3), 12_000)
    publish_rules(desk, console)
    clock.advance(days=1)
    client = committed_app.test_client()
    message = {"source": "pos", "store_code": store.code, "phone": "13812345678", "occurred_at": clock.now.isoformat()}
    sold = machine.post(client, RECEIPTS, {**message, "receipt_no": "R1", "amount_fen": 250_000})
    assert (sold.status_code, (sold.json or {})["points"]) == (201, 3_750)
    with atomic():
        token = sign_in(committed_app.test_client(), members.get_member(member.id)).token
        code = member_codes.mint(members.get_member(member.id), now=clock.now).text
    phone = open_page(PHONE, token)
    phone.goto(f"{address}/h5/#/pages/points/index")
    entry = phone.locator(".list__row:visible", has_text="沸腾火锅").first
    expect(entry).to_contain_text("2,500 元 × 1.5")
    expect(entry).to_contain_text("+3,750")
    enter(page, f"{address}/portal", shop.phone)
    page.goto(f"{address}/portal")
    take_points(page, code)
    back = {**message, "receipt_no": "R2", "refund_of": "R1", "amount_fen": -30_000}
    assert machine.post(client, RECEIPTS, back).status_code == 201
    phone.goto(f"{address}/h5/#/pages/card/index")
    phone.goto(f"{address}/h5/#/pages/points/index")
    expect(phone.locator(".sum__number:visible")).to_contain_text("2,800")
    phone.goto(f"{address}/h5/#/pages/tier/index")
    expect(phone.locator(".band__name:visible")).to_have_text("金卡")
    expect(phone.locator(".keep:visible")).to_contain_text("2,")


def publish_rules(desk: Page, console: str) -> None:
    """Half a point more for a yuan, rehearsed over what was bought, from tomorrow on."""
    desk.goto(f"{console}/points/rules/new")
    desk.locator("input[name=mall_rate]").fill("1.5")
    expect(desk.locator(".earning-aside")).to_contain_text("429")
    desk.get_by_role("button", name="推演近 90 天").click()
    expect(desk.get_by_text("受影响会员")).to_be_visible()
    expect(desk.locator(".figure", has_text="受影响会员")).to_contain_text("1 位多得")
    desk.get_by_role("button", name="发布规则", exact=True).click()
    desk.get_by_role("button", name="确认发布规则").click()
    expect(desk.locator(".flash")).to_contain_text("新的积分规则将自 2026-03-12 起生效")


def take_points(till: Page, code: str) -> None:
    """The clerk takes five yuan's worth; the code is the consent."""
    till.locator("#typed-code").fill(code)
    till.locator("#typed-code").press("Enter")
    till.locator("#take-points").click()
    till.locator("#spend").fill("5")
    till.get_by_role("button", name="收取积分").click()
    expect(till.get_by_role("heading", name="收款成功")).to_be_visible()


def test_a_ladder_is_drafted_seen_and_rehearsed(desk: Page, console: str) -> None:
    desk.goto(f"{console}/tiers/new")
    desk.locator("input[name=at_gold]").fill("3000")
    example = desk.locator(".earning-aside")
    expect(example).to_contain_text("3,000")
    desk.get_by_role("button", name="推演影响").click()
    expect(desk.get_by_role("button", name="发布等级体系")).to_be_visible()
    desk.get_by_role("button", name="发布等级体系").click()
    desk.get_by_role("button", name="确认发布等级体系").click()
    expect(desk.locator(".flash")).to_contain_text("新的等级体系将自 2026-03-12 起生效")
    expect(desk.locator("tr", has_text="2026-03-12")).to_contain_text("待生效")
