"""What surrounds the rows of a file, and which rows are one receipt: read without a database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.flows.history.files import gathering
from app.flows.history.files.errors import FileInvalid
from app.flows.history.files.parsing import MEMBERS, PURCHASES, Parsed, read_members
from app.flows.history.files.reading import Table
from app.flows.history.files.rows.purchase_rows import read_purchases
from app.flows.history.receipts import Incoming
from tests.flows.history.files import LINES, MEMBER, write

pytestmark = pytest.mark.no_database

NOW = datetime(2026, 11, 28, tzinfo=UTC)
HEADER, ROW = ",".join(MEMBER), "C1,13700000501,张三,2026/1/5"


def names(path: Path, content: str | bytes, *, encoding: str | None = None) -> list[str]:
    """The names of the members that can be read."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with Table(path, MEMBERS, encoding=encoding) as table:
        return [parsed.item.name for parsed in read_members(table, now=NOW) if parsed.item is not None]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER},,\r\n{ROW}\r\n",  # columns without a name that the rows leave out
        f"{HEADER},,\r\n{ROW},\r\n",
        f"\ufeff\ufeff{HEADER}\r\n{ROW}\r\n",
        f"\ufeffsep=,\r\n\ufeff{HEADER}\r\n{ROW}\r\n",
        f'\ufeff"\ufeffcard_no",phone\u200b, NAME ,ｊｏｉｎｅｄ＿ａｔ\r\n{ROW}\r\n',
        f"会员列表\r\n导出时间：2026-11-01 09:00\r\n\r\n{HEADER}\r\n{ROW}\r\n",
        f"会员列表,,,\r\n{HEADER}\r\n{ROW}\r\n",
        f"会员列表\r\n导出人：张三,导出时间：2026-11-01\r\n{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\r\n{ROW}\r\n{HEADER}\r\n",  # two pages, one after the other
        f"{HEADER};note\r\n{ROW};{'1,' * 20}\r\n".replace(",", ";", 6).replace("note", "reject_note"),
        f'"=""card_no""",phone,name,joined_at\r\n{ROW}\r\n',
        f"{HEADER}\r\n{ROW}\r\n\x1a",
        f"{HEADER}\r\r\n{ROW}\r\r\n",
        f"{HEADER}\n\n{ROW}",
        '"card_no", "phone", "name", "joined_at"\r\n"C1", "13700000501", "张三", "2026/1/5"\r\n',
        f'{HEADER}\r\n"C1\t","13700000501\t","张三","2026/1/5\t"\r\n',
    ],
)
def test_one_member_is_read(tmp_path: Path, content: str) -> None:
    assert names(tmp_path / "m.csv", content) == ["张三"]


def test_a_heading_holds_nothing_that_no_table_can(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"{HEADER},reject_{'x' * 1100}\0\n{ROW},\n", encoding="utf-8")
    with Table(path, MEMBERS) as table:
        assert table.headings[-1] == f"reject_{'x' * 1100}"


def test_a_mark_of_gb18030_says_what_the_file_is(tmp_path: Path) -> None:
    assert names(tmp_path / "m.csv", f"\ufeff{HEADER}\r\n{ROW}\r\n".encode("gb18030")) == ["张三"]


@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_a_heading_in_another_encoding_than_was_said_is_unknown(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(FileInvalid) as refused:
        names(tmp_path / "m.csv", f"卡号,手机,姓名,日期\r\n{ROW}\r\n", encoding=encoding)
    assert refused.value.facts["missing"] == list(MEMBER)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "markup"),
        ("<!-- saved -->\r\n<body><table>", "markup"),
        ("\ufeff <Workbook xmlns='urn'>", "markup"),
        ("会员卡号\t手机号\t姓名\n".encode("utf-16-le") * 9, "utf16"),
        (b"\x03\x7a\x01\x05\x01\0\0\0\xa1\0\x3c\0" + bytes(20), "other"),  # dBASE
    ],
)
def test_what_is_no_table_of_text_is_called_what_it_is(tmp_path: Path, content: str | bytes, kind: str) -> None:
    with pytest.raises(FileInvalid) as refused:
        names(tmp_path / "m.xls", content)
    assert refused.value.facts["reason"] == kind


def test_more_columns_than_any_table_needs_are_refused(tmp_path: Path) -> None:
    more = "".join(f",note{number}" for number in range(200))
    with pytest.raises(FileInvalid) as refused:
        names(tmp_path / "m.csv", f"{HEADER}{more}\r\n{ROW}\r\n")
    assert refused.value.facts == {"reason": "too_wide", "most": 200}


@pytest.mark.parametrize("content", ["会员列表\r\n", "会员列表\r\n" * 20 + f"{HEADER}\r\n{ROW}\r\n"])
def test_a_table_without_a_header_says_what_stands_in_its_place(tmp_path: Path, content: str) -> None:
    with pytest.raises(FileInvalid) as refused:
        names(tmp_path / "m.csv", content)
    assert refused.value.facts["wrong"] == ["会员列表"]


def line(number: str, amount: int, *, at: str = "10:30", place: object = "") -> list[object]:
    return ["old", number, "S1", "C1", f"2026-03-01 {at}", amount, "", "food", place]


def parsed(path: Path, rows: list[list[object]]) -> list[Parsed[Incoming]]:
    with Table(write(path, LINES, rows), PURCHASES) as table:
        return list(read_purchases(table, now=NOW))


def receipts(path: Path, rows: list[list[object]]) -> list[tuple[str, int]]:
    items = [one.item for one in parsed(path, rows)]
    return [(item.receipt.receipt_no, item.receipt.amount_fen) for item in items if item is not None]


def test_receipts_of_several_tills_take_turns_in_the_order_of_time(tmp_path: Path) -> None:
    rows = [
        line("A", 100, at="10:30"),
        line("B", 10, at="10:31"),
        line("A", 200, at="10:32"),
        line("C", 1, at="10:33"),
        line("B", 20, at="10:34"),
        line("A", 400, at="10:35"),
    ]
    assert receipts(tmp_path / "p.csv", rows) == [("A", 700), ("B", 30), ("C", 1)]


def test_a_receipt_that_comes_again_whole_is_the_same_receipt_twice(tmp_path: Path) -> None:
    twice = [line("A", 100), line("A", 200)]
    numbered = [line("C", 5, place=1)]
    rows = [*twice, *numbered, line("B", 1), *twice, *numbered]
    assert receipts(tmp_path / "p.csv", rows) == [("A", 300), ("A", 300), ("C", 5), ("C", 5), ("B", 1)]


def test_a_line_that_could_be_more_goods_or_the_same_again_is_asked_about(tmp_path: Path) -> None:
    rows = [line("A", 100), line("A", 200), line("B", 1), line("A", 100), line("C", 7), line("B", 1)]
    found = parsed(tmp_path / "p.csv", rows)
    told = {row.number: error.facts for one in found for row, error in zip(one.rows, one.errors, strict=False)}
    assert [(line, facts["reason"], facts["line"]) for line, facts in told.items()] == [
        (2, "receipt", 5),
        (3, "receipt", 5),
        (5, "line_again", 2),
        (4, "receipt", 7),
        (7, "line_again", 4),
    ]
    assert receipts(tmp_path / "p.csv", rows) == [("C", 7)]


def test_rows_too_far_apart_are_not_one_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BETWEEN", 2)
    rows = [line("A", 100), *(line(f"B{n}", 1) for n in range(2)), line("A", 200)]
    assert receipts(tmp_path / "p.csv", rows)[0] == ("A", 300)
    rows.insert(1, line("B9", 1))
    assert [one for one in receipts(tmp_path / "p.csv", rows) if one[0] == "A"] == [("A", 100), ("A", 200)]
