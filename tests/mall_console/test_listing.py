"""The kit of lists, on lists that use it: narrowing, sorting, columns, totals, files, and the address that says it."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import parse_qs

import openpyxl
import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.flows import purchases
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import totals
from app.kernel.security import codes
from app.purchases.rules import Receipt
from mall_console.kit.listing import batch, files
from tests.builders.benefits import make_campaign
from tests.builders.console import World
from tests.mall_console.addresses.purchases import purchase
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock

HTMX = {"HX-Request": "true"}


@pytest.fixture
def receipts(world: World) -> list[str]:
    """Receipts of the world's member beside the one that they have: two of today, one of ten days ago."""
    for number, amount_fen, days in (("T-1", 500, 0), ("T-2", 90_000, 0), ("=T-3", 700, 10)):
        receipt = Receipt(
            source="pos",
            receipt_no=number,
            store_code=world.store.code,
            occurred_at=clock.now() - timedelta(days=days),
            amount_fen=amount_fen,
        )
        buyer = purchases.Buyer(card_no=world.member.card_no)
        purchases.record_purchase(receipt, world.store, buyer, now=clock.now())
    return ["YH-R1", "T-1", "T-2", "=T-3"]


def shown(console: Console, world: World, query: str = "") -> list[str]:
    """The numbers of the receipts that the list shows, in its order."""
    text = console.get(f"{world.base}/purchases?{query}").text
    return re.findall(r'data-label="小票号">([^<]*)<', text)


def searched(console: Console, world: World, typed: str, **fields: object) -> str:
    """The query of the list that was searched for what was typed."""
    return console.searched(f"{world.base}/purchases", typed, listing="purchases", **fields)


def today() -> str:
    return clock.business_date(clock.now()).isoformat()


def test_days_words_and_choices_narrow_a_list_together(operations: Console, world: World, receipts: list[str]) -> None:
    assert sorted(shown(operations, world)) == sorted(receipts)
    tees, equals, own = (searched(operations, world, typed) for typed in ("T-", "=T", "YH"))
    assert shown(operations, world, f"day_from={today()}&{tees}") == shown(operations, world, tees)
    assert shown(operations, world, f"day={today()}&{equals}") == []
    assert shown(operations, world, f"{equals}&kind=bought") == ["=T-3"]
    assert shown(operations, world, "kind=refund") == []
    assert shown(operations, world, f"store={world.store.code}&{own}") == ["YH-R1"]


def test_what_is_searched_for_stands_in_no_address_and_leads_through_the_whole_list(
    operations: Console, world: World, receipts: list[str], clock: StillClock
) -> None:
    path = f"{world.base}/purchases"
    query = searched(operations, world, "T-", kind="bought", sort="amount", size="50", col="number")
    (sealed,) = parse_qs(query)["q"]  # which may have any two letters in it
    assert set(parse_qs(query)) == {"q", "kind", "sort", "size", "col"} and len(sealed) > 40
    assert "T-" not in query.replace(sealed, "")
    page = operations.get(f"{path}?{query}").text
    assert shown(operations, world, query) == ["T-1", "T-2"] and 'value="T-"' in page and "搜索：T-" in page
    addresses = re.findall(r'(?:href|hx-get)="([^"]+)"', page)
    assert not [address for address in addresses if "T-" in address.replace(sealed, "")]
    assert f'href="{path}?kind=bought&amp;sort=amount&amp;size=50&amp;col=at&amp;col=number"' in page
    rows = operations.get(f"{path}?{query}&export=csv").data.decode("utf-8-sig")
    assert "T-1" in rows and "YH-R1" not in rows
    assert searched(operations, world, "  ") == ""
    for unreadable in ("T-", "AQ", "x" * 2_000):
        assert shown(operations, world, f"q={unreadable}") == []
    clock.advance(hours=13)
    operations = Console.of(operations.client, operations.person)
    assert shown(operations, world, query) == []
    assert "搜索已过期，请重新输入" in operations.get(f"{path}?{query}").text
    assert operations.get(f"{path}?{query}&export=csv").status_code == 409
    assert operations.post(f"{world.base}/list-files", list="purchases", query=query, kind="csv").status_code == 409


def test_a_search_leads_nowhere_else(operations: Console, world: World, other: World) -> None:
    address = f"{world.base}/list-searches"
    for path in ("//evil.example", f"{world.base}/../..//x", f"{other.base}/purchases", f"{world.base}/purchases?a=b"):
        assert operations.post(address, list="purchases", at=path, q="x").status_code == 404, path
    assert operations.post(address, list="nothing", at=f"{world.base}/purchases", q="x").status_code == 404
    assert operations.post(address, list="staff", at=f"{world.base}/staff", q="x").status_code == 403


def test_names_are_found_in_any_width(operations: Console, world: World) -> None:
    world.store.name = "面包房（东门）"
    db.session.flush()
    for typed in ("面包房(东门)", "面包房（东", "ＹＨ－", "\u200b面包房"):
        assert "面包房（东门）" in operations.client.get(f"{world.base}/stores", query_string={"q": typed}).text
    assert "面包房（东门）" not in operations.get(f"{world.base}/stores?q=x").text


def test_what_nobody_could_have_asked_for_is_left_out(operations: Console, world: World, receipts: list[str]) -> None:
    everything = shown(operations, world)
    odd = "day=1999-99-99&store=YT-4F&kind=x&sort=x&size=7&col=x&cursor=x&q="
    assert shown(operations, world, odd) == everything
    for odd in ("day=2026-13-01", "day_from=2026-13-01&day_to=2026-02-01"):
        assert "「2026-13-01」不是日期，没有按" in operations.get(f"{world.base}/purchases?{odd}").text


def test_a_list_is_sorted_both_ways(operations: Console, world: World, receipts: list[str]) -> None:
    assert shown(operations, world, "sort=amount") == ["T-1", "=T-3", "YH-R1", "T-2"]
    assert shown(operations, world, "sort=-amount") == ["T-2", "YH-R1", "=T-3", "T-1"]
    assert shown(operations, world, "sort=at")[0] == "=T-3"


def test_a_long_list_says_that_it_counted_only_so_far_and_sorts_as_an_index_does(
    operations: Console, world: World, receipts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = operations.get(f"{world.base}/purchases").text
    assert '<b class="num">4</b> 笔，合计 <b class="num">¥1,035.45</b>' in page
    monkeypatch.setattr(totals.count, "__kwdefaults__", {**totals.count.__kwdefaults__, "most": 3})
    page = operations.get(f"{world.base}/purchases?sort=amount").text
    assert '<b class="num">3+</b> 笔' in page and "¥1,035.45" not in page and "暂按默认顺序" in page
    assert shown(operations, world, "sort=amount") == shown(operations, world)


def test_columns_and_size_are_chosen_and_the_address_says_only_what_differs(
    operations: Console, world: World, receipts: list[str]
) -> None:
    path = f"{world.base}/purchases"
    page = operations.get(f"{path}?col=source&col=amount").text
    assert re.findall(r'data-label="([^"]*)"', page)[:3] == ["时间", "金额", "来源"]
    words = searched(operations, world, " T-1 ")
    answer = operations.client.get(f"{path}?day_from=&{words}&sort=-at&size=50&store=&col=at", headers=HTMX)
    assert answer.headers["HX-Push-Url"] == f"{path}?{words}&size=50&col=at"
    assert "<html" not in answer.text and "T-1" in answer.text
    usual = "&".join(f"col={key}" for key in ("at", "store", "member", "number", "amount", "kind"))
    assert operations.client.get(f"{path}?{usual}", headers=HTMX).headers["HX-Push-Url"] == path


def test_a_chip_leads_to_the_list_without_it(operations: Console, world: World, receipts: list[str]) -> None:
    page = operations.get(f"{world.base}/purchases?kind=bought&day_from={today()}").text
    chips = re.findall(r'chip-on" href="([^"]*)".*?</span>([^<]*)<', page)
    assert chips == [
        (f"{world.base}/purchases?kind=bought", f"日期 {today()} 起"),
        (f"{world.base}/purchases?day_from={today()}", "类型：消费"),
    ]


def test_the_whole_row_leads_to_the_thing(operations: Console, world: World) -> None:
    page = operations.get(f"{world.base}/purchases").text
    assert f'<a class="row-link" href="{world.base}{purchase(world)}">' in page
    assert f'<a href="{world.base}/members/{world.member.public_id}">' in page


def test_what_is_shown_is_had_as_csv_and_xlsx_and_written_down(
    operations: Console, world: World, receipts: list[str]
) -> None:
    query = "sort=amount&col=number&col=amount&kind=bought"
    answer = operations.get(f"{world.base}/purchases?{query}&export=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1:] for row in rows] == [
        ["小票号", "金额"],
        ["T-1", "5.00"],
        ["'=T-3", "7.00"],
        ["YH-R1", "123.45"],
        ["T-2", "900.00"],
    ]
    entry = audited("list.export")
    assert entry.facts == {"list": "消费小票", "rows": 4, "file": "csv", "narrowed": "类型：消费"}
    sheet = openpyxl.load_workbook(
        io.BytesIO(operations.get(f"{world.base}/purchases?{query}&export=xlsx").data)
    ).active
    assert [[cell.value for cell in row[1:]] for row in sheet.iter_rows()][2] == ["=T-3", 7]
    assert sheet["A2"].is_date and sheet["B3"].data_type == "s"


def test_a_list_that_is_too_long_is_no_file(
    operations: Console, world: World, receipts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    assert operations.get(f"{world.base}/purchases?export=csv").status_code == 409
    assert operations.get(f"{world.base}/purchases?export=csv&{searched(operations, world, 'T')}").status_code == 200
    assert "记录超过 3 笔，在后台生成文件" in operations.get(f"{world.base}/purchases").text
    assert operations.get(f"{world.base}/purchases?export=pdf").status_code == 404


def test_several_rows_are_acted_on_at_once_and_written_down_each(operations: Console, world: World) -> None:
    other = make_campaign(world.mall, title="甲又一个")
    path = f"{world.base}/campaigns/pause"
    key = codes.new_public_id()
    rows = [world.campaign.public_id, other.public_id]
    assert operations.post(path, key=key, row=rows).status_code == 303
    assert operations.post(path, key=key, row=rows).status_code == 303
    assert [campaign.active for campaign in (world.campaign, other)] == [False, False]
    paused = db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "campaign.pause")).all()
    assert sorted(paused) == sorted([f"campaign:{world.campaign.id}", f"campaign:{other.id}"])
    operations.post(f"{world.base}/campaigns/resume", page=f"{world.base}/campaigns")
    assert "请先勾选要处理的记录" in operations.get(f"{world.base}/campaigns").text


def test_more_rows_than_one_act_does_are_refused_and_none_is_done(
    operations: Console, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"{world.base}/campaigns"
    assert 'data-most="1000"' in operations.get(page).text
    monkeypatch.setattr(batch, "MOST_ROWS", 1)
    other = make_campaign(world.mall, title="甲又一个")
    operations.post(f"{page}/pause", page=page, row=[world.campaign.public_id, other.public_id])
    assert "已选 2 条，一次最多处理 1 条" in operations.get(page).text
    assert [campaign.active for campaign in (world.campaign, other)] == [True, True]


def test_acts_are_offered_to_who_may_do_them(administrator: Console, auditor: Console, world: World) -> None:
    assert 'name="row"' in administrator.get(f"{world.base}/machines").text
    page = auditor.get(f"{world.base}/machines").text
    assert world.machine.client_id in page and 'name="row"' not in page and "更换密钥" not in page
