"""The first page by role: what waits, figures against those before, each with its rows, how people came, what sells."""

import re
from datetime import timedelta

import pytest

from app.benefits.campaigns import campaigns
from app.benefits.grants import grants
from app.benefits.stock import stock
from app.insights.questions import figures, funnels, rankings
from app.kernel import clock as app_clock
from app.settlement.statements import queries as statements
from app.settlement.statements import statements as verbs
from app.settlement.statements.models import Statement
from mall_console.kit import shares
from mall_console.overview import tiles
from tests.builders.benefits import make_campaign
from tests.builders.console import World
from tests.mall_console.conftest import Console
from tests.support.clock import START, StillClock
from tests.support.statements import count_statements


def todos(console: Console, world: World) -> dict[str, str]:
    """What waits: text → address."""
    [card] = re.findall(r'<section class="card todos">.*?</section>', console.get(world.base).text, re.DOTALL)
    return {text: address for address, text in re.findall(r'<a href="([^"]+)">.*?<span>(.*?)</span>', card)}


def test_what_waits_stands_first_and_leads_to_where_it_is_done(
    operations: Console, finance: Console, auditor: Console, world: World, clock: StillClock
) -> None:
    assert todos(operations, world) == {
        "待办等待领取": f"{world.base}/cases",
        "小票照片待审核": f"{world.base}/purchases/photos",
    }
    assert todos(auditor, world) == {}  # who only reads has nothing to do
    named = statements.get_statement(world.statement_no, visible=Statement.mall_id == world.mall.id)
    verbs.dispute(named.statement.id, reason="少了一笔", now=clock.now)
    assert list(todos(finance, world)) == ["2026 年 2 月结算单有异议，待答复"]
    verbs.answer_dispute(named.statement.id, answer="已核对")
    verbs.confirm(named.statement.id, by="店长", now=clock.now)
    [(text, address)] = todos(finance, world).items()
    assert text == "2026 年 2 月结算单商户已确认，待结清" and finance.get(address).status_code == 200


def test_a_month_that_is_over_waits_for_finance(finance: Console, world: World, clock: StillClock) -> None:
    assert "可以关账" not in todos(finance, world)
    clock.advance(days=21)
    token = Console.of(finance.client, finance.person)
    assert todos(token, world)["可以关账"] == f"{world.base}/settlement/close"


def test_a_gift_that_has_run_out_is_to_be_seen_to_unless_it_is_paused(operations: Console, world: World) -> None:
    gift, paused = make_campaign(world.mall, title="停车一小时"), make_campaign(world.mall, title="旧礼")
    for campaign in (gift, paused):
        stock.fill(campaign.id, 0)
        grants.grant_on(world.mall.id, grants.JOIN, campaign.id, position=1)
    campaigns.set_active(paused, active=False)
    address = f"{world.base}/campaigns/{gift.public_id}"
    assert {text: to for text, to in todos(operations, world).items() if "领完" in text} == {
        "发放中的「停车一小时」已领完": address
    }


@pytest.mark.parametrize("range_", ["today", "month"])
def test_a_longer_range_asks_no_more_often(administrator: Console, world: World, range_: str) -> None:
    with count_statements() as sent:
        administrator.get(f"{world.base}?range={range_}")
    assert len([statement for statement in sent if statement.startswith(("SELECT", "WITH"))]) <= 17


def test_finance_gets_its_own_home(finance: Console, operations: Console, world: World) -> None:
    page = finance.get(world.base).text
    assert "未关账：应付商户" in page and "顾客优惠" in page and "门店会员消费排行" in page
    assert "入口转化" not in page and "车辆入场" not in page
    assert "入口转化" in operations.get(world.base).text and "未关账" not in operations.get(world.base).text


@pytest.mark.parametrize("range_", ["today", "yesterday", "week", "month"])
def test_every_figure_opens_the_rows_behind_it(administrator: Console, world: World, range_: str) -> None:
    page = administrator.get(f"{world.base}?range={range_}").text
    found = re.findall(r'class="figure" href="([^"]+)"><span>(.*?)</span>', page)
    assert len(found) == 12
    for address, label in found:
        assert administrator.get(address.replace("&amp;", "&")).status_code == 200, label


def test_before_the_mall_opens_the_page_shows_yesterday(operations: Console, world: World, clock: StillClock) -> None:
    def shown(console: Console) -> str:
        page = console.get(world.base).text
        return re.findall(r'aria-current="page">(.*?)</a>', page.partition('class="range"')[2])[0]

    assert shown(operations) == "今日"
    clock.advance(hours=23, minutes=59)
    assert shown(Console.of(operations.client, operations.person)) == "昨日"
    span = figures.yesterday(clock.now)
    assert (span.first_day, span.last_day, span.days) == (START.date(), START.date(), 1)


def test_a_range_narrows_the_rows_to_its_days(administrator: Console, world: World, clock: StillClock) -> None:
    clock.advance(days=8)
    console = Console.of(administrator.client, administrator.person)
    for path in ("/entrances/scans", "/redemptions", "/purchases"):
        gone, there = (f"{world.base}{path}?day_from={day}&day_to=2026-03-19" for day in ("2026-03-13", "2026-03-10"))
        assert "甲" not in console.get(gone).text.partition("<tbody")[2], path
        assert "甲" in console.get(there).text.partition("<tbody")[2], path


@pytest.mark.parametrize(
    ("present", "before", "words"),
    [
        (110, 100, "10.0%"),
        (90, 100, "10.0%"),
        (5, 5, "持平"),
        (0, 0, "持平"),
        (3, 0, "新增"),
        (-3, 0, "退货"),
        (0, -3, "归零"),
        (5_000, 1, "10 倍以上"),
    ],
)
def test_change_is_told_in_per_cent(present: int, before: int, words: str) -> None:
    assert tiles.changed(present, before) == words


@pytest.mark.parametrize(("present", "before", "words"), [(5, 1, "4"), (1, 4, "3"), (3, 0, "新增"), (6, 5, "20.0%")])
def test_of_a_handful_no_share_is_told(present: int, before: int, words: str) -> None:
    assert tiles.changed(present, before, few=shares.FEW) == words


def test_joins_of_the_funnel_say_what_they_leave_out(operations: Console, world: World, clock: StillClock) -> None:
    clock.advance(minutes=1)
    page = operations.get(f"{world.base}?range=week").text
    funnel = page.split("<h2>入口转化</h2>")[1].split("</section>")[0]
    assert "扫码入会" in funnel and "上方「新入会」含所有途径" in funnel
    assert not re.search(r"[0-9]%</(small|td)>", funnel), "of two scans no share is told"
    rate = page.split("<span>扫码入会率</span>")[1].split("</small>")[0]
    assert "百分点" not in rate and "↑" not in rate and "此前 — · 不足 5 次，不作比较" in rate


def test_more_of_a_cost_is_neither_good_nor_bad_news(administrator: Console, world: World, clock: StillClock) -> None:
    clock.advance(minutes=1)
    page = administrator.get(world.base).text
    tones = dict(re.findall(r"<span>(顾客优惠|会员消费|使用积分)</span>.*?<small><em(.*?)>", page))
    assert tones == {"顾客优惠": "", "会员消费": ' class="change-good"', "使用积分": ""}


def test_how_far_people_came_and_which_stores_sell(world: World, other: World) -> None:
    now = app_clock.now() + timedelta(seconds=1)
    span = figures.last_days(now, 7)
    mall_id = world.mall.id
    assert funnels.read(mall_id, span, figures.read(mall_id, span)) == funnels.Funnel(scans=2, joins=1, used=0)
    counted, before = figures.read_each(figures.sums_of(mall_id), [span, span.earlier(days=7)])
    [share] = funnels.list_entrances(counted, most=5)
    assert (share.name, share.scans, share.joins) == ("甲电梯屏", 2, 1)
    [store] = rankings.list_selling(counted, before, most=5)
    assert (store.name, store.sales_fen, store.receipts, store.before_fen) == ("甲火锅", 12_345, 1, 0)
    [later] = rankings.list_selling(counted, counted, most=5)
    assert later.before_fen == 12_345
