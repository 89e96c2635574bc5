"""The nine steps of a shopper's whole way, through all apps and the sandbox phone, against a running stack.

The stack is started as `script/run` starts it, with the demo malls, on a database of this test run; its clock is moved
so that the mall is open. For the reminder it starts once more four days later.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from cli.demo.directory import STAFF
from tests.browser.shopper import (
    PLATE,
    add_the_malls_contact,
    another_joins,
    bind_plate,
    coupon_code,
    do_three_tasks,
    scan_and_join,
)
from tests.browser.steps import (
    Way,
    at_console,
    download,
    fen_in_csv,
    fen_in_sheet,
    fen_of,
    go_to_tab,
    read_code,
    sign_in,
    tap,
    twin,
)
from tests.support import kept, stacks

pytestmark = [pytest.mark.browser, pytest.mark.no_database]

MORNING = 11
LATER = timedelta(days=4)  # coupons given on joining have two days left then
ENTRANCE = "5 号电梯屏"
TASKS_POINTS = 200  # the three tasks
STORE = "YH-4F-08"
SIGN_IN = {(person.role, person.mall or "", person.store or ""): person.phone for person in STAFF}
OPERATIONS = SIGN_IN["operations", "YH", ""]
FINANCE = SIGN_IN["finance", "YH", ""]
CLERK = SIGN_IN["clerk", "", STORE]
MANAGER = SIGN_IN["merchant_manager", "YH", STORE]


@pytest.fixture
def way(browser: Browser, committed_database_url: str) -> Iterator[Way]:
    """A mall that is open, as `script/run` starts it; the database is this run's."""
    environment = {"DATABASE_URL": committed_database_url}
    with stacks.open_stack(offset=stacks.offset_to(MORNING), environment=environment) as stack:
        way = Way(stack, browser)
        yield way
        if way.open:  # only a way that was not gone to its end leaves anybody there
            way.photograph()
            way.leave()
        way.stack.end()


def test_from_the_scan_to_the_settlement(way: Way, tmp_path: Path) -> None:
    poster = operations_make_an_entrance(way, tmp_path)
    phone = way.page("phone")
    phone.goto(f"{way.stack.sandbox_url}/phone")
    scan_and_join(phone, poster)
    do_three_tasks(phone)
    bind_plate(phone)
    add_the_malls_contact(phone)
    earned = buy_with_member_code(way, phone)
    park_and_pay(way, phone, points=TASKS_POINTS + earned)
    code = coupon_code(phone, "火锅首单减 50 元")
    clerk_redeems_once(way, code)
    another_joins(phone, poster)
    way.leave()
    days_pass(way)
    reminder_arrives(way)
    operations_see_why_another_was_not_sent(way)
    finance_closes_the_month(way)
    merchant_confirms(way)
    finance_downloads_and_pays(way)
    way.leave()


# Step 1


def operations_make_an_entrance(way: Way, folder: Path) -> Path:
    """A new code in a lift, its contact way, its poster as PNG and PDF."""
    page = at_console(way, "operations", OPERATIONS, "/entrances/new")
    page.get_by_label("入口名称").fill(ENTRANCE)
    page.get_by_label("主标语").fill("电梯到之前，先领停车券")
    page.get_by_role("button", name="创建并获取小程序码").click()
    expect(page.get_by_text("已获取", exact=True)).to_be_visible()
    page.get_by_role("button", name="生成联系码").click()
    expect(page.get_by_text("已生成", exact=True)).to_be_visible()
    assert download(page, "海报 PDF", folder / "poster.pdf").read_bytes().startswith(b"%PDF-")
    return download(page, "海报 PNG", folder / "poster.png")


# Step 2


# Step 3


# Step 4


# Step 5


def buy_with_member_code(way: Way, phone: Page) -> int:
    """The rolling code is read off the screen; the till posts a signed receipt with it; returns the points it earned.

    The demo's rules double the first order, and more on a member day.
    """
    go_to_tab(phone, "会员码")
    shown = read_code(twin(phone).locator(".pass__code:visible"))
    till = way.page("phone")
    till.goto(f"{way.stack.sandbox_url}/till")
    till.locator("[name=store]").select_option(STORE)
    till.get_by_label("金额").fill("268")
    till.get_by_label("会员码、手机号或卡号").fill(shown)
    till.get_by_role("button", name="收款并发送").click()
    answer = till.locator("#till-answer")
    expect(answer).to_contain_text("已入账")
    told = answer.get_by_text(re.compile("^[0-9]+ 积分$"))
    expect(told).to_be_visible()
    earned = int(told.inner_text().split()[0])
    assert earned >= 2 * 268
    expect(answer).to_contain_text("首单")
    till.get_by_role("button", name="同一张再发").click()
    expect(answer).to_contain_text("早已入账，没有重复")
    till.close()
    return earned


# Step 6


def park_and_pay(way: Way, phone: Page, *, points: int) -> None:
    """In, three hours of shopping, the fee by hours, points and cash, out past an open barrier."""
    entered = (way.stack.now - timedelta(minutes=200)).isoformat()
    event = {"plate": PLATE, "direction": "in", "occurred_at": entered}
    answer = phone.request.post(f"{way.stack.sandbox_url}/phone/api/people/p-lin/drive", data=event)
    assert answer.json()["barrier"] == "open", answer.text()
    go_to_tab(phone, "停车")
    bill = twin(phone).locator(".bill:visible")
    expect(bill).to_contain_text("¥24")
    expect(bill.locator("[role=checkbox][aria-checked=true]")).to_contain_text("2 小时停车券")
    expect(bill.locator(".stepper__value")).to_have_text(f"{points:,}")
    tap(phone, f"支付 ¥{(1_200 - points) / 100:.2f}")
    phone.locator("[data-act=pay]").click()
    expect(twin(phone).locator("body")).to_contain_text("已缴清")
    phone.locator("#window-close").click()
    phone.get_by_role("tab", name="开车").click()
    lane = phone.locator(f"[data-plate={PLATE}]")
    lane.get_by_role("button", name="开到出口").click()
    expect(lane).to_contain_text("道闸已抬起")
    expect(lane).to_contain_text("在场外")


# Step 7


def clerk_redeems_once(way: Way, code: str) -> None:
    """The coupon is redeemed and listed; a second scan is refused with time and place."""
    till = way.page("clerk")
    sign_in(till, f"{way.stack.url}/portal", CLERK)
    type_code(till, code)
    expect(till.locator("#stage")).to_contain_text("火锅首单减 50 元")
    till.locator("#spend").fill("268")
    till.get_by_role("button", name="确认核销").click()
    expect(till.get_by_role("heading", name="核销成功")).to_be_visible()
    till.get_by_role("button", name="继续扫码").click()
    expect(till.locator("#uses")).to_contain_text("火锅首单减 50 元")
    type_code(till, code)
    expect(till.get_by_role("heading", name="不能核销")).to_be_visible()
    expect(till.locator("#stage")).to_contain_text(re.compile(r"这张券已于 \d\d:\d\d 在本店核销"))


def type_code(till: Page, code: str) -> None:
    till.locator("#typed-code").fill(code)
    till.locator("#typed-code").press("Enter")


# Step 8


def days_pass(way: Way) -> None:
    """The same stack four days later; the planner runs, as it does every morning."""
    before = way.stack
    database_url = before.database_url
    before.end()
    way.stack = stacks.start_stack(
        offset=before.offset + LATER,
        data=before.data,
        port=before.port,
        environment={"DATABASE_URL": database_url},
    )
    way.stack.wait_up()
    words = ("--app", "wsgi", "job", "run", "plan_coupon_reminders", "--until-done")
    kept.run("flask", *words, environment=way.stack.environment()).check_returncode()


def reminder_arrives(way: Way) -> None:
    """The coupon that was not used is mentioned on the phone, once."""
    phone = way.page("phone")
    phone.goto(f"{way.stack.sandbox_url}/phone")
    phone.get_by_role("tab", name="消息").click()
    notice = phone.locator("[data-channel=subscribe]")
    expect(notice).to_contain_text("餐饮立减 10 元")
    expect(notice).to_have_count(1)


def operations_see_why_another_was_not_sent(way: Way) -> None:
    """The log keeps the reason of the reminder that had no permission."""
    page = at_console(way, "operations", OPERATIONS, "/messages?reason=no_consent")
    row = page.locator("#rows tr", has_text="138****0002").first
    expect(row).to_contain_text("没有订阅次数")
    row.get_by_role("link", name="查看原因").click()
    expect(page.locator("main")).to_contain_text("每同意一次只能发送一条")


# Step 9


def finance_closes_the_month(way: Way) -> None:
    page = at_console(way, "finance", FINANCE, "/settlement")
    page.get_by_role("link", name=re.compile("关账$")).click()
    page.get_by_role("button", name="确认关账").click()
    expect(page.get_by_role("link", name="沸腾餐饮", exact=True)).to_be_visible()


def merchant_confirms(way: Way) -> None:
    page = way.page("manager")
    sign_in(page, f"{way.stack.url}/portal", MANAGER)
    page.goto(f"{way.stack.url}/portal/statements")
    page.locator(".bills a").first.click()
    page.get_by_text("确认无误", exact=True).click()
    page.get_by_role("button", name="已核对，确认").click()
    expect(page.locator(".bill-head")).to_contain_text(re.compile("待收款|待付款"))


def finance_downloads_and_pays(way: Way) -> None:
    """Every fen is explained by a row: the rows of both files sum to what the statements say."""
    page = at_console(way, "finance", FINANCE, "/settlement")
    page.locator("td.main a").first.click()
    expect(page.get_by_role("link", name="沸腾餐饮", exact=True)).to_be_visible()
    total = page.locator(".figure").first
    said = fen_of(total.locator("b").inner_text()) * (
        -1 if total.locator("small").inner_text().startswith("应收") else 1
    )
    base = page.url.partition("?")[0]
    book = openpyxl.load_workbook(io.BytesIO(page.request.get(f"{base}.xlsx").body()), data_only=True)
    assert sum(fen_in_sheet(book)) == said
    assert sum(fen_in_csv(page.request.get(f"{base}.csv").body())) == said
    page.get_by_role("link", name="沸腾餐饮", exact=True).click()
    page.get_by_label(re.compile("凭证")).fill("BANK-20261101-01")
    page.get_by_role("button", name="标记为已结清", exact=True).click()
    page.get_by_role("button", name="确认标记为已结清").click()
    expect(page.locator("main")).to_contain_text("BANK-20261101-01")
