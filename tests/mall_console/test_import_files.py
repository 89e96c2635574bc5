"""Files as they come: workbooks, encodings, large ones, and those that are no tables or mean harm."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.flows.history.files import workbooks
from app.identity import queries as members
from app.identity.models import IdentityKind
from app.imports import pieces
from app.imports.models import Import, Kind, Status
from app.kernel.db import db
from mall_console.imports import columns
from tests.builders.console import World
from tests.mall_console.conftest import Console
from tests.mall_console.importing import (
    HEADINGS,
    ROWS,
    bring,
    csv_of,
    found_at,
    look,
    say_columns,
    work,
    workbook_of,
)


def test_a_workbook_is_read_cell_by_cell_as_somebody_would_type_it(operations: Console, world: World) -> None:
    rows: list[list[Any]] = [
        ["会员资料（2026 年）"],
        ["卡号", "手机", "姓名", "开卡时间"],
        [10086, 13700000001, "王\n小明", datetime.fromisoformat("2024-05-01 09:05")],
        ["0012", 13700000002.0, "", "2024-05-01"],
        [],
        [6228200000000000123, 13700000003, "李", "2024-05-01"],
        ["=1+1", "#N/A", "张", "2024-05-01"],
    ]
    page = bring(operations, world, workbook_of(rows, 说明=[["看这里"]]), name="会员.xlsx")
    found = found_at(page)
    assert (found.status, found.sheet, found.sheets, found.rows) == (Status.READY, "数据", ["数据", "说明"], 4)
    say_columns(operations, page)
    work()
    operations.post(f"{page}/run")
    work()
    found = found_at(page)
    assert (found.counts["new"], found.counts["rejected"]) == (2, 2)
    assert found.counts["causes"] == {"spreadsheet/card_no": 1, "no_value/card_no": 1}
    told = [row[:3] for row in pieces.read_rows(found.id, pieces.Part.REJECTED)]
    assert [(number, code) for number, _, code in told] == [(6, "row_invalid"), (7, "row_invalid")]
    member_id = members.find_member_id(IdentityKind.CARD_NO, "0012")
    assert member_id and members.find_member_id(IdentityKind.CARD_NO, "10086")
    assert operations.post(f"{page}/reading", sheet="说明").status_code in (303, 409)


def test_another_sheet_is_read_when_it_is_asked_for(operations: Console, world: World) -> None:
    page = bring(operations, world, workbook_of([["说明"], ["没有数据"]], 会员=[HEADINGS, *ROWS]), name="a.xlsx")
    assert found_at(page).sheet == "数据"
    operations.post(f"{page}/reading", sheet="会员")
    look()
    assert (found_at(page).sheet, found_at(page).headings) == ("会员", list(HEADINGS))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"card_no,phone,name,joined_at\n", "文件只有表头"),
        (b"\n\n", "没有表头和数据"),
        ("卡号,手机\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7 card_no,phone", "这不是表格文件"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页或 XML"),
        (b"PK\x03\x04" + b"junk" * 50, "文件已损坏"),
        (b"\xd0\xcf\x11\xe0" + b"junk" * 500, "文件已损坏"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(operations: Console, world: World, data: bytes, said: str) -> None:
    page = bring(operations, world, data)
    assert found_at(page).status == Status.REFUSED
    assert said in operations.get(page).text


def bomb(part: str, content: bytes) -> bytes:
    """A workbook with one part that is huge when it is unpacked."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of([["a", "b"], ["1", "2"]]))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in good.namelist():
            if name != part:
                target.writestr(name, good.read(name))
        with target.open(part, "w", force_zip64=True) as file:
            file.write(content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked(operations: Console, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 3_000_000)
    page = bring(operations, world, bomb("xl/sharedStrings.xml", b" " * 3_000_000), name="bomb.xlsx")
    assert "解压后过大" in operations.get(page).text


def test_cells_far_apart_take_no_more_memory_than_there_is(operations: Console, world: World) -> None:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    workbook.close()
    page = bring(operations, world, out.getvalue(), name="far.xlsx")
    assert found_at(page).status == Status.REFUSED


def test_an_encoding_in_doubt_is_asked_about(operations: Console, world: World) -> None:
    data = "會員卡號,手機,姓名,註冊日期\nA1,13700000001,張,2024-05-01\n".encode("big5")
    page = bring(operations, world, data)
    assert found_at(page).status == Status.ASKING and "文字编码无法确定" in operations.get(page).text
    operations.post(f"{page}/reading", encoding="big5")
    look()
    assert found_at(page).headings[0] == "會員卡號"


def test_semicolons_and_one_column_are_read_for_what_they_are(operations: Console, world: World) -> None:
    page = bring(operations, world, csv_of(HEADINGS, ROWS, ";"))
    assert found_at(page).headings == list(HEADINGS)
    page = bring(operations, world, b"card_no\n1\n2\n")
    assert found_at(page).rows == 2
    assert operations.post(f"{page}/columns", page=page, effects="none", place_card_no="0").location == page
    assert "还有列没有对应：手机号、入会时间" in operations.get(page).text


def test_a_large_file_comes_in_pieces(operations: Console, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_BYTES", 250_000)
    lines = [f"K{number:07d},13{number:09d},,2024-05-01" for number in range(12_000)]
    data = "\n".join(["card_no,phone,name,joined_at", *lines]).encode()
    size = pieces.PIECE_BYTES
    assert size < len(data) < 2 * size
    first = (io.BytesIO(data[:size]), "多.csv")
    page = operations.post(f"{world.base}/imports", kind="members", size=len(data), file=first).location
    assert found_at(page).status == Status.RECEIVING and "还没有传完" in operations.get(page).text
    short = operations.post(f"{page}/pieces", number=1, file=(io.BytesIO(data[size:-1]), "多.csv"))
    assert short.status_code in (303, 422)
    for _ in range(2):
        answer = operations.post(f"{page}/pieces", number=1, file=(io.BytesIO(data[size:]), "多.csv"))
        assert answer.status_code == 204
    look()
    assert (found_at(page).status, found_at(page).rows) == (Status.READY, 12_000)


def test_too_large_and_missing_files_are_refused_at_once(operations: Console, world: World) -> None:
    page, new = f"{world.base}/imports", f"{world.base}/imports/new"
    operations.post(page, page=new, kind="members", size=30_000_000, file=(io.BytesIO(b"x"), "a.csv"))
    assert "文件超过 20 MB" in operations.get(new).text
    operations.post(page, page=new, kind="members")
    assert "请选择要导入的文件" in operations.get(new).text
    operations.post(page, page=new, kind="members", file=(io.BytesIO(b""), "a.csv"))
    assert "文件为空" in operations.get(new).text
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("kind", "headings", "places"),
    [
        ("members", ["Card No", "MOBILE", "Name", "created_at"], {"card_no": 0, "phone": 1, "name": 2}),
        (
            "purchases",
            ["日期", "门店", "流水号", "金额（分）", "会员号"],
            {"occurred_at": 0, "store_code": 1, "receipt_no": 2, "amount": 3, "card_no": 4},
        ),
        (
            "members",
            ["VIP卡号", "Mobile-Phone", "\u200b会员名称", "Create.Time（UTC+8）", "序号"],
            {"card_no": 0, "phone": 1, "name": 2, "joined_at": 3},
        ),
        (
            "stores",
            ["店铺编号", "名称", "商家", "业态", "层"],
            {"store_code": 0, "name": 1, "merchant": 2, "category": 3, "floor": 4},
        ),
    ],
)
def test_columns_are_guessed_from_headings(kind: str, headings: list[str], places: dict[str, int]) -> None:
    said = columns.guess(kind, headings)
    assert places.items() <= said.places.items()
    assert said.unit == ("fen" if "金额（分）" in headings else "yuan")
    assert Kind(kind).value == kind
