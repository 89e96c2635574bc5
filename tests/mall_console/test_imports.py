"""Imports through the console, as an operator does them, and files that are none, or that mean harm."""

import io
import re
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.identity import queries as members
from app.identity.models import IdentityKind
from app.imports.models import Status
from app.kernel.db import db
from app.kernel.security import codes
from app.purchases.models import InboxReceipt, Purchase
from mall_console.imports import columns
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.mall_console.importing import (
    HEADINGS,
    ROWS,
    bring,
    csv_of,
    found_at,
    look,
    say_columns,
    sheet_of,
    work,
    workbook_of,
)


def test_a_file_goes_from_upload_to_members_with_its_problems_told(operations: Console, world: World) -> None:
    page = bring(operations, world, csv_of(HEADINGS, ROWS))
    shown = operations.get(page).text
    assert "手机号应为一个 11 位手机号" in shown and "读作 2024-05-01 09:05" in shown
    assert "137****0001" in shown and "13700000001" not in shown and "王小明" not in shown
    say_columns(operations, page)
    part = {"headers": {"HX-Request": "true"}}
    assert 'hx-trigger="every 1s"' in operations.get(page).text
    assert operations.client.get(page, **part).text.startswith('<div id="import-live"')
    work()
    assert operations.client.get(page, **part).headers["HX-Refresh"] == "true"
    assert "试算完成，还没有导入" in operations.get(page).text
    assert members.find_member_id(IdentityKind.CARD_NO, "A001") is None
    operations.post(f"{page}/run")
    work()
    shown = operations.get(page).text
    assert "导入完成，有 1 行没有导入" in shown and "手机号码应为一个 11 位手机号" in shown and "缺失姓名" in shown
    assert members.find_member_id(IdentityKind.CARD_NO, "A001") and members.find_member_id(IdentityKind.CARD_NO, "A003")
    assert audited("import.done").facts == {"kind": "members", "new": 2, "known": 0, "rejected": 1}
    assert "会员.csv" in operations.get(f"{world.base}/imports").text and "张岚" in operations.get(page).text


def test_a_preview_is_there_before_all_columns_are_known(operations: Console, world: World) -> None:
    rows = [("A001", "13700000001", "某日"), ("A002", "1370000", "某日")]
    shown = operations.get(bring(operations, world, csv_of(("卡号", "手机", "备注一"), rows))).text
    assert "还没有对应：入会时间" in shown and "137****0001" in shown
    assert "手机号应为一个 11 位手机号" in shown and "1 行有问题" in shown


def test_rejects_are_put_right_in_excel_and_uploaded_as_they_are(operations: Console, world: World) -> None:
    evil = ("A009", '=HYPERLINK("http://evil")', "张", "2024-05-01", "@SUM(1)")
    page = bring(
        operations, world, csv_of(HEADINGS, [*ROWS, tuple(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in evil)])
    )
    say_columns(operations, page)
    work()
    operations.post(f"{page}/run")
    work()
    answer = operations.get(f"{page}/rejects.xlsx")
    assert quote("会员-问题行.xlsx") in answer.headers["Content-Disposition"]
    rows = sheet_of(answer.data)
    assert rows[0] == (*HEADINGS, "原文件行号", "问题列", "原因")
    assert (
        rows[1][:2] == ("A002", "1370000")
        and rows[1][5:7] == ("3", "手机号码")
        and "应为一个 11 位手机号" in rows[1][7]
    )
    assert rows[2][1] == evil[1] and b"<f>" not in zipfile.ZipFile(io.BytesIO(answer.data)).read(
        "xl/worksheets/sheet1.xml"
    )
    assert sheet_of(answer.data, 1)[1][0] == "A003"
    assert audited("import.download").subject == f"import:{found_at(page).id}"
    mended = [rows[0], ("A002", "13700000002", *rows[1][2:])]
    page = bring(operations, world, workbook_of(mended), name="改好.xlsx")
    assert "与上次相同表头的文件一致" in operations.get(page).text
    say_columns(operations, page)
    work()
    operations.post(f"{page}/run")
    work()
    assert found_at(page).counts["new"] == 1


def test_receipts_in_yuan_from_a_file_of_one_store(operations: Console, world: World) -> None:
    rows = [("B1", world.member.card_no or "", "2026-02-01 10:00", "1,234.50"), ("B2", "", "2026-02-01 10:00", "8.8")]
    data = csv_of(("单号", "卡号", "交易时间", "实收金额(元)"), [[f'"{cell}"' for cell in row] for row in rows])
    page = bring(operations, world, data, kind="purchases", name="小票.csv")
    say_columns(operations, page, fixed_source="old-pos", fixed_store_code=world.store.code)
    work()
    assert "其中 1 行待认领" in operations.get(page).text
    operations.post(f"{page}/run")
    work()
    bought = db.session.scalars(select(Purchase).where(Purchase.source == "old-pos")).one()
    assert (bought.amount_fen, bought.receipt_no, bought.store_id) == (123_450, "B1", world.store.id)
    assert db.session.scalars(select(InboxReceipt.amount_fen).where(InboxReceipt.source == "old-pos")).all() == [880]


def test_problems_name_the_column_as_the_reader_knows_it(operations: Console, world: World) -> None:
    rows = [("old", "C1", "NULL", "2026-02-01", "10"), ("old", "C2", "", "2026-02-01", "1.234")]
    stored = [(world.store.code, *row) for row in rows]
    data = csv_of(("门店编号", "source", "单号", "卡号", "交易时间", "amount_yuan"), stored)
    page = bring(operations, world, data, kind="purchases", name="小票.csv")
    shown = operations.get(page).text
    assert "会员卡号是「NULL」" in shown and "消费金额应为以元为单位的金额" in shown
    say_columns(operations, page)
    work()
    shown = operations.get(page).text
    assert "卡号不是实际的值" in shown and "amount_yuan 不是金额" in shown


def test_a_store_that_is_not_here_is_told_under_its_column(operations: Console, world: World) -> None:
    data = csv_of(("单号", "门店", "卡号", "交易时间", "实收金额(元)"), [("D1", "NOWHERE", "", "2026-02-01", "10")])
    page = bring(operations, world, data, kind="purchases", name="小票.csv")
    say_columns(operations, page, fixed_source="old-pos")
    work()
    assert re.search(r"<td[^>]*>门店</td>\s*<td[^>]*>没有门店编号 NOWHERE", operations.get(page).text)


def test_stores_are_brought_by_who_may_keep_stores(operations: Console, administrator: Console, world: World) -> None:
    data = csv_of(("门店编号", "店名", "品牌", "业态", "楼层"), [("N1", "新店", "新商户", "餐饮", "3F")])
    file = (io.BytesIO(data), "门店.csv")
    assert operations.post(f"{world.base}/imports", kind="stores", file=file).status_code == 403
    page = bring(administrator, world, data, kind="stores")
    terms = {
        "effective_from": "2026-03-01",
        "commission": "6",
        "issue_price": "1",
        "redeem_price": "1",
    }
    say_columns(administrator, page, **terms, effects="ledger")
    work()
    administrator.post(f"{page}/run")
    work()
    assert found_at(page).counts["new"] == 1
    shown = administrator.get(f"{world.base}/stores").text
    assert "新店" in shown and "餐饮" in shown


def test_effects_on_money_are_for_who_keeps_contracts(operations: Console, world: World) -> None:
    data = csv_of(("来源", "单号", "门店", "卡号", "时间", "金额"), [("x", "1", "y", "", "2026-02-01", "1")])
    page = bring(operations, world, data, kind="purchases")
    assert "账目，" not in operations.get(page).text
    proposed, _ = columns.find(found_at(page))
    places = {f"place_{name}": place for name, place in proposed.places.items()}
    assert operations.post(f"{page}/columns", effects="ledger", **places).status_code == 403


def test_two_presses_are_one_upload_and_one_run(operations: Console, world: World) -> None:
    data, key = csv_of(HEADINGS, ROWS), codes.new_public_id()
    addresses = {
        operations.post(f"{world.base}/imports", key=key, kind="members", file=(io.BytesIO(data), "a.csv")).location
        for _ in range(2)
    }
    assert len(addresses) == 1
    page = addresses.pop()
    look()
    say_columns(operations, page)
    work()
    assert [operations.post(f"{page}/run").status_code for _ in range(2)] == [303, 303]
    work()
    assert audited("import.run").facts["rows"] == 3
    page = bring(operations, world, data)
    assert "内容完全相同的文件已在" in operations.get(page).text


def test_cancelling_before_the_run_brings_nothing_in(operations: Console, world: World) -> None:
    page = bring(operations, world, csv_of(HEADINGS, ROWS))
    operations.post(f"{page}/cancel")
    assert "没有导入任何数据" in operations.get(page).text and found_at(page).status == Status.CANCELLED
    assert "已取消" in operations.get(f"{world.base}/imports?kind=members").text
    operations.post(f"{page}/run", page=page)
    assert found_at(page).begun_at is None


@pytest.mark.parametrize("kind", ["stores", "members", "purchases"])
def test_the_sample_can_be_imported_but_for_its_last_two_rows(administrator: Console, world: World, kind: str) -> None:
    data = administrator.get(f"{world.base}/imports/samples/{kind}.xlsx").data
    page = bring(administrator, world, data, kind=kind, name="示例.xlsx")
    found = found_at(page)
    assert columns.guess(kind, found.headings).missing == []
    say_columns(administrator, page)
    work()
    foreseen = found_at(page).foreseen
    assert (foreseen["rejected"], foreseen["new"]) == (2, found.rows - 2)
