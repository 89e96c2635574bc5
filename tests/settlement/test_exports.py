"""Downloads as finance opens them: the figures, their types, the formulas, and no formula that is not ours."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import true

from app.kernel.db import db
from app.kernel.facts import Fact
from app.settlement.exports import exports
from app.settlement.ledger import postings
from app.settlement.statements import queries, statements
from tests.builders import malls
from tests.builders.settlement import (
    FEBRUARY,
    JANUARY,
    Contract,
    at_noon,
    make_contract,
    post_purchase,
    post_redemption,
)

TENTH = date(2026, 1, 10)
AMOUNT, REFERENCE, STORE = "结算金额(元)", "券码/小票号/凭据", "门店"
CountStatements = Callable[[], AbstractContextManager[list[str]]]


def on_sheet(day: date, at: time = time()) -> datetime:
    """A day or moment as a spreadsheet knows it: without a zone."""
    return datetime.combine(day, at)


def close(*contracts_made: Contract) -> list[queries.NamedStatement]:
    mall_id = contracts_made[0].mall.id
    statements.close_month(mall_id, JANUARY, now=at_noon(FEBRUARY))
    return list(queries.list_statements(visible=true(), mall_id=mall_id))


def xlsx(named: list[queries.NamedStatement], **options: int) -> Workbook:
    out = io.BytesIO()
    exports.write_xlsx(named, out, **options)
    return load_workbook(io.BytesIO(out.getvalue()))


def cached(named: list[queries.NamedStatement], **options: int) -> Workbook:
    """The workbook with the values that formulas had when it was written."""
    out = io.BytesIO()
    exports.write_xlsx(named, out, **options)
    return load_workbook(io.BytesIO(out.getvalue()), data_only=True)


def csv_rows(named: list[queries.NamedStatement]) -> list[dict[str, str]]:
    out = io.BytesIO()
    exports.write_csv(named, out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def detail_rows(book: Workbook, sheet: str = "明细") -> Iterator[dict[str, Any]]:
    header, *rows = book[sheet].iter_rows(values_only=True)
    for row in rows:
        if row[0] != "合计":
            yield dict(zip(header, row, strict=True))


def given_busy_contract() -> Contract:
    contract = make_contract(commission_bps=500, issue_price_fen=50)
    post_redemption(contract, TENTH, mall_fen=705)
    post_purchase(contract, date(2026, 1, 20), amount_fen=12_345, points=123, fact=Fact("purchase", "pos", "R1"))
    return contract


def test_every_row_is_there_with_real_dates_and_numbers() -> None:
    contract = given_busy_contract()
    rows = list(detail_rows(xlsx(close(contract))))
    assert [(row["项目"], row[AMOUNT]) for row in rows] == [
        ("优惠券·商场承担", 7.05),
        ("优惠券·商户自担（仅列示，不结算）", 0),
        ("会员消费佣金", -6.17),
        ("消费赠送积分", -0.62),
    ]
    commission, issued = rows[2], rows[3]
    assert commission["业务日期"] == on_sheet(date(2026, 1, 20))
    assert commission["发生时间"] == on_sheet(date(2026, 1, 20), time(12))
    assert (commission["计算基数(元)"], commission["比例"], commission["积分"]) == (123.45, 0.05, None)
    assert (issued["积分"], issued["积分单价(元/百积分)"], issued["比例"]) == (123, 0.5, None)
    assert commission[REFERENCE] == "R1"
    assert commission[STORE] == contract.store.name


def test_cells_look_like_what_they_are() -> None:
    sheet = xlsx(close(given_busy_contract()))["明细"]
    formats = {header.value: cell.number_format for header, cell in zip(sheet[1], sheet[4], strict=True)}
    assert formats["业务日期"] == "yyyy-mm-dd"
    assert formats["发生时间"] == "yyyy-mm-dd hh:mm:ss"
    assert formats[AMOUNT] == "#,##0.00"
    assert formats["比例"] == "0.00%"


def test_headers_stay_in_view_and_columns_are_wide_enough() -> None:
    book = xlsx(close(given_busy_contract()))
    detail = book["明细"]
    assert detail.freeze_panes == "A2"
    assert detail.auto_filter.ref == "A1:P5"
    assert all(detail.column_dimensions[letter].width >= 9 for letter in "ABCDEFGHIJKLMNOP")
    header_row = next(cell.row for cell in book["汇总"]["A"] if cell.value == "结算单号")
    assert book["汇总"].freeze_panes == f"A{header_row + 1}"


def test_totals_are_formulas_over_the_rows_and_remember_their_value() -> None:
    named = close(given_busy_contract())
    formulas, values = xlsx(named), cached(named)
    assert formulas["明细"]["O6"].value == "=SUM(O2:O5)"
    assert values["明细"]["O6"].value == 0.26
    assert totals(formulas) == {
        "合计": ("=SUM(F10:F13)", "=SUM(I10:I13)"),
        "明细合计": ("=COUNT('明细'!O2:O5)", "=SUM('明细'!O2:O5)"),
        "差额（应为零）": ("=F14-F15", "=ROUND(I14-I15,2)"),
    }
    assert totals(values) == {"合计": (4, 0.26), "明细合计": (4, 0.26), "差额（应为零）": (0, 0)}


def totals(book: Workbook) -> dict[str, tuple[Any, Any]]:
    names = {"合计", "明细合计", "差额（应为零）"}
    return {row[0].value: (row[5].value, row[8].value) for row in book["汇总"].iter_rows() if row[0].value in names}


def test_the_summary_lists_each_kind_and_says_whose_month_it_is() -> None:
    contract = given_busy_contract()
    (named,) = close(contract)
    sheet = cached([named])["汇总"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2, max_row=6)}
    assert facts == {
        "商场": contract.mall.name,
        "账期": "2026 年 1 月",
        "起始日": on_sheet(date(2026, 1, 1)),
        "截止日": on_sheet(date(2026, 1, 31)),
        "出单日": on_sheet(date(2026, 2, 1)),
    }
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=10, max_row=13)]
    assert [line[4:] for line in lines] == [
        ["会员消费佣金", 1, 123.45, 0, -6.17],
        ["优惠券·商场承担", 1, 7.05, 0, 7.05],
        ["优惠券·商户自担（仅列示，不结算）", 1, 2.95, 0, 0],
        ["消费赠送积分", 1, 0, 123, -0.62],
    ]
    assert {line[0] for line in lines} == {named.statement.statement_no}


def test_a_month_of_all_merchants_is_one_workbook() -> None:
    mall = malls.make_mall()
    busy, idle = make_contract(mall), make_contract(mall)
    post_redemption(busy, TENTH, mall_fen=700)
    named = close(busy, idle)
    book = cached(named)
    lines = [row for row in book["汇总"].iter_rows(values_only=True) if str(row[0]).startswith("JS")]
    assert {(line[2], line[4], line[8]) for line in lines} == {
        (busy.merchant.name, "优惠券·商场承担", 7),
        (busy.merchant.name, "优惠券·商户自担（仅列示，不结算）", 0),
        (idle.merchant.name, "本期无往来", 0),
    }
    assert exports.file_name(named, "xlsx") == f"{mall.name}-2026-01-结算明细.xlsx"
    assert exports.file_name(named, "pdf", is_chosen=True) == f"{mall.name}-2026-01-{len(named)}张结算单.pdf"
    assert exports.file_name(named[:1], "csv") == f"{named[0].statement.statement_no}.csv"


def test_a_statement_of_nought_is_a_workbook_without_rows() -> None:
    book = cached(close(make_contract()))
    assert [row for row in detail_rows(book) if row["结算单号"]] == []
    assert book["明细"]["O3"].value == 0
    assert totals(book)["合计"] == (0, 0)


def test_more_rows_than_a_sheet_takes_go_on_to_the_next() -> None:
    contract = make_contract()
    for _ in range(4):
        post_redemption(contract, TENTH, mall_fen=700)
    named = close(contract)
    book = xlsx(named, sheet_rows=3)
    assert book.sheetnames == ["汇总", "明细1", "明细2", "明细3"]
    numbers = [[row[AMOUNT] for row in detail_rows(book, name)] for name in book.sheetnames[1:]]
    assert [len(amounts) for amounts in numbers] == [3, 3, 2]
    assert totals(book)["明细合计"][1] == "=SUM('明细1'!O2:O4,'明细2'!O2:O4,'明细3'!O2:O3)"
    assert totals(cached(named, sheet_rows=3))["差额（应为零）"] == (0, 0)
    assert sum(map(sum, numbers)) == 28


def test_csv_opens_in_a_spreadsheet_as_it_is() -> None:
    contract = given_busy_contract()
    named = close(contract)
    out = io.BytesIO()
    exports.write_csv(named, out)
    assert out.getvalue().startswith(codecs.BOM_UTF8 + "结算单号,商户,".encode())
    commission = csv_rows(named)[2]
    assert commission == {
        "结算单号": named[0].statement.statement_no,
        "商户": contract.merchant.name,
        "业务日期": "2026-01-20",
        "入账日期": "2026-01-20",
        "发生时间": "2026-01-20 12:00:00",
        "门店编号": contract.store.code,
        "门店": contract.store.name,
        "项目": "会员消费佣金",
        "说明": "会员消费",
        "券码/小票号/凭据": "R1",
        "计算基数(元)": "123.45",
        "积分": "",
        "比例": "5.00%",
        "积分单价(元/百积分)": "",
        "结算金额(元)": "-6.17",
        "冲正原入账日": "",
    }


def test_what_was_taken_back_names_the_day_it_was_posted() -> None:
    contract = make_contract()
    fact = post_redemption(contract, TENTH)
    postings.reverse(fact=fact, reversal_fact=Fact("redemption-reversal", 1), occurred_at=at_noon(date(2026, 1, 20)))
    named = close(contract)
    assert [row["冲正原入账日"] for row in csv_rows(named)] == ["", "", "2026-01-10", "2026-01-10"]
    assert [row["冲正原入账日"] for row in detail_rows(xlsx(named))] == [None, None, *[on_sheet(date(2026, 1, 10))] * 2]


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", '=HYPERLINK("http://a","b")', "\r\n=2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_never_becomes_a_formula(text: str) -> None:
    contract = make_contract()
    contract.store.name = text
    db.session.flush()
    post_purchase(contract, TENTH, fact=Fact("purchase", "pos", text))
    named = close(contract)
    for row in csv_rows(named):
        assert row[STORE] == "'" + text
        assert row[REFERENCE] == "'" + text
        assert float(row[AMOUNT]) < 0  # numbers stay numbers
    sheet = xlsx(named)["明细"]
    headers = [cell.value for cell in sheet[1]]
    for name in (STORE, REFERENCE):
        assert sheet.cell(2, headers.index(name) + 1).data_type == "s"


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "a\x01b\x0bc", 'quote "', "a,b\nc", "]]>", "😀 券"])
def test_awkward_text_arrives_whole(text: str) -> None:
    contract = make_contract()
    contract.store.name = text
    db.session.flush()
    post_redemption(contract, TENTH)
    named = close(contract)
    (first, _) = detail_rows(xlsx(named))
    assert first[STORE] == "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    assert csv_rows(named)[0][STORE] == text


def test_a_download_takes_as_many_statements_for_many_rows_as_for_one(count_statements: CountStatements) -> None:
    def statements_for(rows: int) -> int:
        contract = make_contract()
        for _ in range(rows):
            post_redemption(contract, TENTH)
        named = close(contract)
        with count_statements() as seen:
            exports.write_csv(named, io.BytesIO())
            exports.write_xlsx(named, io.BytesIO())
        return len(seen)

    assert statements_for(1) == statements_for(20)
