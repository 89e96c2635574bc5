"""The till as a clerk uses it: typed codes, scanner guns, the camera, lost networks, refusals, undoing."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, Route, ViewportSize, expect
from sqlalchemy import func, select

from app.benefits.coupons.models import Redemption
from app.kernel import clock as kernel_clock
from app.kernel.db import db
from tests.browser.conftest import DESK, PHONE, Shop, open_till
from tests.browser.guns import shoot
from tests.support.chromium_flags import QUIET
from tests.support.clock import StillClock

pytestmark = pytest.mark.browser


def type_code(till: Page, code: str) -> None:
    till.locator("#typed-code").fill(code)
    till.locator("#typed-code").press("Enter")


def live_redemptions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Redemption.reversed_at.is_(None))) or 0


def test_without_its_script_the_page_takes_no_code_that_would_be_lost(till: Page) -> None:
    script, controls = re.compile(r"/static/dist/scan-"), till.locator("[data-wait]")
    till.route(script, lambda route: route.abort())
    till.reload()
    expect(controls).to_have_count(5)
    for control in controls.all():
        expect(control).to_be_disabled()
    till.unroute(script)
    till.reload()
    for control in controls.all():
        expect(control).to_be_enabled()


def test_a_typed_code_is_shown_confirmed_and_counted(till: Page, shop: Shop) -> None:
    type_code(till, shop.cash.lower())
    stage = till.locator("#stage")
    expect(stage).to_contain_text("立减十元")
    expect(stage).to_contain_text("138****5678")
    expect(stage).to_contain_text("商场补给本店 ¥6.00")
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    till.get_by_role("button", name="继续扫码").click()
    expect(till.locator("#figures")).to_contain_text("¥10.00")
    expect(till.locator("#uses")).to_contain_text("立减十元")
    assert live_redemptions() == 1


def test_a_scanner_gun_needs_no_focus_and_a_second_scan_is_refused_with_time_and_place(till: Page, shop: Shop) -> None:
    till.locator("#scan-button").focus()
    shoot(till, shop.cash)
    expect(till.get_by_role("button", name="确认核销")).to_be_focused()
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    shoot(till, shop.cash)
    expect(till.get_by_role("heading", name="不能核销")).to_be_visible()
    expect(till.locator("#stage")).to_contain_text("这张券已于 10:00 在本店核销")
    assert live_redemptions() == 1


def test_a_gun_that_shoots_into_the_amount_is_a_scan_and_no_amount(till: Page, shop: Shop) -> None:
    type_code(till, shop.minimum)
    expect(till.locator("#spend")).to_be_focused()
    shoot(till, shop.foreign)
    expect(till.locator("#stage")).to_contain_text("这张券不能在本店使用")
    expect(till.locator("#stage")).to_contain_text("最近的是 2F 拾光咖啡")


def test_a_minimum_spend_is_asked_for_and_explained_before_anything_is_sent(till: Page, shop: Shop) -> None:
    type_code(till, shop.minimum)
    confirm = till.get_by_role("button", name="确认核销")
    confirm.click()
    expect(till.get_by_role("alert")).to_have_text("请填写本单小票金额")
    till.locator("#spend").fill("250")
    expect(till.locator(".pays")).to_have_text("未达到最低消费 ¥300.00，还差 ¥50.00")
    confirm.click()
    expect(till.locator(".pays")).to_be_hidden()
    expect(till.get_by_role("alert")).to_have_text("未达到最低消费 ¥300.00，还差 ¥50.00")
    till.locator("#spend").fill("358.5")
    confirm.click()
    expect(till.locator("#stage")).to_contain_text("¥50.00")
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()


def test_an_unknown_code_says_what_to_do(till: Page) -> None:
    type_code(till, "XXXX XXXX XXXX")
    expect(till.locator("#stage")).to_contain_text("未找到这张券")
    expect(till.locator("#stage")).to_contain_text("请逐位核对券码")


def test_a_members_code_lists_the_coupons_of_this_store(till: Page, shop: Shop) -> None:
    shoot(till, shop.member_code)
    stage = till.locator("#stage")
    expect(stage).to_contain_text("本店可用 2 张")
    expect(stage).not_to_contain_text("咖啡券")
    stage.get_by_role("button", name="立减十元").click()
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()


def lose_answers(page: Page, path: str) -> Callable[[], None]:
    """Let requests reach the server and lose its answers, until the returned function is called."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(f"**/portal/api/{path}", lose)
    return lambda: page.unroute(f"**/portal/api/{path}")


def test_a_lost_answer_is_said_and_the_retry_redeems_no_second_time(till: Page, shop: Shop) -> None:
    type_code(till, shop.cash)
    heal = lose_answers(till, "redemptions")
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="网络中断")).to_be_visible()
    assert live_redemptions() == 1
    heal()
    till.get_by_role("button", name="重试").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    assert live_redemptions() == 1


def test_an_unanswered_intent_outlives_a_reload(till: Page, shop: Shop) -> None:
    type_code(till, shop.cash)
    heal = lose_answers(till, "redemptions")
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="网络中断")).to_be_visible()
    heal()
    till.reload()
    expect(till.locator("#stage")).to_contain_text("「立减十元」的核销结果未知")
    till.get_by_role("button", name="重试").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    assert live_redemptions() == 1


def test_a_lookup_without_network_can_be_retried(till: Page, shop: Shop) -> None:
    till.context.set_offline(True)
    type_code(till, shop.cash)
    expect(till.get_by_role("heading", name="网络不通")).to_be_visible()
    till.context.set_offline(False)
    till.get_by_role("button", name="重试").click()
    expect(till.locator("#stage")).to_contain_text("立减十元")


def test_undoing_takes_a_second_step_in_another_place_and_can_be_left(till: Page, shop: Shop) -> None:
    type_code(till, shop.cash)
    till.get_by_role("button", name="确认核销").click()
    undo = till.locator("#stage").get_by_role("button", name="撤销这次核销")
    first = box_of(undo)
    undo.click()
    sure, back = till.get_by_role("button", name="确认撤销"), till.get_by_role("button", name="不撤销，返回")
    expect(back).to_be_focused()
    expect(till.locator("#stage")).to_contain_text(f"券码尾号 {shop.cash[-4:]}")
    second = box_of(sure)
    assert first["height"] >= 48 and second["height"] >= 48
    assert second["y"] + second["height"] < first["y"]
    back.click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    assert live_redemptions() == 1
    undo.click()
    sure.click()
    expect(till.get_by_role("heading", name="已撤销")).to_be_visible()
    assert live_redemptions() == 0
    till.get_by_role("button", name="继续扫码").click()
    expect(till.locator("#uses")).to_contain_text("已撤销")


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("size", [PHONE, {"width": 412, "height": 915}])
def test_scanning_is_in_the_thumbs_reach(till: Page, size: ViewportSize) -> None:
    till.set_viewport_size(size)
    button, tabs = box_of(till.locator("#scan-button")), box_of(till.locator(".tabs"))
    assert button["height"] >= 56 and button["width"] >= size["width"] * 0.8
    assert size["height"] * 0.75 < button["y"] and button["y"] + button["height"] < tabs["y"]


def test_a_member_who_cannot_be_scanned_says_two_numbers(till: Page, shop: Shop, clock: StillClock) -> None:
    till.get_by_role("button", name="报手机尾号").click()
    till.get_by_label("手机尾号").fill("5678")
    till.get_by_label("动态码").fill(str(int(shop.spoken) ^ 1).zfill(6))
    till.get_by_role("button", name="查会员").click()
    till.get_by_role("button", name="重新输入").click()
    expect(till.get_by_label("手机尾号")).to_have_value("5678")
    expect(till.get_by_label("动态码")).to_be_focused()
    till.get_by_label("动态码").fill(f"{shop.spoken[:3]} {shop.spoken[3:]}")
    till.get_by_role("button", name="查会员").click()
    expect(till.locator("#stage")).to_contain_text("本店可用 2 张")


def test_a_session_that_ended_leads_to_sign_in_and_keeps_the_intent(till: Page, shop: Shop, clock: StillClock) -> None:
    type_code(till, shop.cash)
    expect(till.get_by_role("button", name="确认核销")).to_be_visible()
    clock.advance(hours=13)
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("button", name="登录")).to_be_visible()
    open_till(till, till.url.partition("/portal")[0], shop)
    till.get_by_role("button", name="重试").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()


@pytest.fixture
def film(tmp_path: Path, shop: Shop) -> Path:
    """What the fake camera sees: some frames of the coupon's QR code."""
    frame = Image.new("RGB", (640, 480), "white")
    frame.paste(qrcode.make(shop.cash).get_image().resize((320, 320)), (160, 80))
    picture = BytesIO()
    frame.save(picture, "JPEG", quality=90)
    path = tmp_path / "camera.mjpeg"
    path.write_bytes(picture.getvalue() * 30)
    return path


@pytest.fixture
def filming(launch_browser: Callable[..., Browser], film: Path) -> Iterator[Page]:
    """A browser whose camera plays the film."""
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = launch_browser(args=[*QUIET, *camera])
    yield browser.new_page(viewport=PHONE, locale="zh-CN")
    browser.close()


def test_the_camera_reads_the_code_and_the_next_scan_is_one_tap_away(filming: Page, address: str, shop: Shop) -> None:
    till = open_till(filming, address, shop)
    till.get_by_role("button", name="扫一扫").click()
    expect(till.locator("#stage")).to_contain_text("立减十元")
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    till.get_by_role("button", name="继续扫码").click()
    expect(till.locator("#stage")).to_contain_text("这张券已于 10:00 在本店核销")


def test_a_photo_is_read_where_there_is_no_camera(till: Page, shop: Shop, tmp_path: Path) -> None:
    photo = tmp_path / "coupon.png"
    qrcode.make(shop.cash).save(photo)
    till.locator("#photo").set_input_files(photo)
    expect(till.locator("#stage")).to_contain_text("立减十元")


def test_no_camera_says_what_to_do_instead(till: Page) -> None:
    till.locator("#scan-button").click()
    expect(till.locator("#camera-problem")).to_contain_text("请输入券码")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_pages_fit_and_everything_to_press_is_large_enough(till: Page, size: dict[str, int]) -> None:
    till.set_viewport_size({"width": size["width"], "height": size["height"]})
    for path in ("", "/history", "/statements", "/me", "/clerks", "/clerks/new", "/me/password", "/stores"):
        till.goto(till.url.partition("/portal")[0] + f"/portal{path}")
        assert till.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = till.evaluate(
            "[...document.querySelectorAll('main button, main a, nav a, main input:not([type=checkbox]):not(.unseen)')]"
            ".filter(e => e.offsetParent && e.type !== 'hidden' && !e.classList.contains('link-small'))"
            ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path


def test_nothing_breaks_the_content_security_policy(page: Page, address: str, shop: Shop) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    till = open_till(page, address, shop)
    for path in ("/history", "/statements", "/me", "/clerks"):
        till.goto(f"{address}/portal{path}")
    till.goto(f"{address}/portal/history")
    till.get_by_role("link", name="前一天").click()
    expect(till).to_have_url(f"{address}/portal/history?day=2026-03-10")
    assert kernel_clock.business_date(kernel_clock.now()).isoformat() == "2026-03-11"
    assert complaints == []
