"""A receipt from the phone to the points: chosen in the member's page, read in the console by keys alone."""

import json
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.access.models import Role
from app.access.scopes import Place
from app.identity import queries as members
from app.kernel.db import atomic
from app.points.ledger import queries as points_queries
from tests.browser.conftest import DESK, PHONE, enter
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document, make_member
from tests.builders.photos import make_photo
from tests.builders.settlement import make_contract
from tests.builders.staff import make_staff, new_phone
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support.clock import StillClock
from tests.support.member_api import sign_in

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Mall:
    """The code of the mall and of its store, who reads there, and a member with their token."""

    code: str
    store: str
    reader: str
    member_id: int
    token: str


@pytest.fixture
def mall(committed_app: Flask, clock: StillClock) -> Mall:
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        contract, phone = make_contract(), new_phone()
        make_entrance(contract.mall, is_default=True)
        make_staff(Role.OPERATIONS, Place(mall_id=contract.mall.id), phone=phone)
        member = make_member(contract.mall)
        token = sign_in(committed_app.test_client(), members.get_member(member.id)).token
        return Mall(contract.mall.code, contract.store.code, phone, member.id, token)


def test_a_receipt_is_photographed_and_read_by_keys(page: Page, browser: Browser, address: str, mall: Mall) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    kept = json.dumps({"type": "string", "data": mall.token})
    context.add_init_script(f"localStorage.setItem('huitou.token', {kept!r})")
    phone = context.new_page()
    phone.goto(f"{address}/h5/#/pages/photos/index")
    for number in (1, 2):
        send(phone, make_photo(number))
        expect(phone.locator(".row .tag")).to_have_count(number)
    page.set_viewport_size(DESK)
    enter(page, f"{address}/console", mall.reader)
    page.goto(f"{address}/console/{mall.code}/purchases/photos/review")
    page.keyboard.press("a")
    read(page, mall)
    expect(page.get_by_text("已通过：")).to_be_visible()
    for key in ("Escape", "1", "r"):
        page.keyboard.press(key)
    expect(page.get_by_text("小票都审核完了")).to_be_visible()
    phone.reload()
    expect(phone.locator(".row")).to_have_text([re.compile("照片看不清"), re.compile("R-1.*已到账")])
    phone.locator(".row").nth(1).click()
    expect(phone.locator(".frame__photo")).to_be_visible()
    phone.get_by_text("删除照片").click()
    phone.locator(".drop").click()
    expect(phone.locator(".row").nth(1)).to_contain_text("照片已删除")
    context.close()
    with atomic():
        assert points_queries.get_balance(mall.member_id).available_points == 123


def send(phone: Page, photo: bytes) -> None:
    with phone.expect_file_chooser() as chooser:
        phone.locator("uni-button", has_text="从相册选择").click()
    chooser.value.set_files({"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo})
    phone.locator("uni-button", has_text="上传").click()


def read(page: Page, mall: Mall) -> None:
    """The first empty field has the focus; the photograph grows by keys once no field has."""
    expect(page.locator("select[name=store]")).to_be_focused()
    page.locator("select[name=store]").select_option(mall.store)
    for text in ("R-1", "123.45", "2026-03-11"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Escape")
    width = page.locator("[data-photo]").evaluate("image => image.clientWidth")
    page.keyboard.press("+")
    assert page.locator("[data-photo]").evaluate("image => image.clientWidth") > width
    page.keyboard.press("a")
