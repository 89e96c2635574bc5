"""What a cell says: what programs and people leave in it, by the kind of its column."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.flows.history.files import cells
from app.flows.history.files.errors import RowInvalid

NOW = datetime(2026, 11, 28, tzinfo=UTC)
NOTHING = [
    "NULL",
    "null",
    "None",
    "-",
    "—",
    "－",
    "--",
    "#N/A",
    "N/A",
    "无",
    "０",
    "0",
    "0000",
    "########",
    "nan",
    "NaN",
]
NOTHING += ["\\N", "#REF!", "(空)", "'NULL", '="-"']


def why(read: Callable[[], object]) -> str:
    with pytest.raises(RowInvalid) as refused:
        read()
    assert refused.value.facts["column"]
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize("text", NOTHING)
def test_a_word_for_nothing_identifies_nobody_and_names_nobody(text: str) -> None:
    assert why(lambda: cells.word(text, "card_no")) == "no_value"
    assert why(lambda: cells.optional_word(text, "refund_of")) == "no_value"
    assert why(lambda: cells.phone(text, "phone")) == "no_value"
    assert why(lambda: cells.plain(text, "merchant")) == "no_value"
    assert cells.name(text) == cells.Name("", "no_name")


def test_zero_is_an_amount_and_a_floor_and_other_words_for_nothing_are_not() -> None:
    assert cells.fen("0", "amount_fen") == cells.fen("'0", "amount_fen") == 0
    assert cells.plain("0", "floor", 16, zero=False) == "0"
    for text in ("-", "nan", "NULL", "########"):
        assert why(lambda text=text: cells.fen(text, "amount_fen")) == "no_value"  # type: ignore[misc]
        assert why(lambda text=text: cells.moment(text, "joined_at", now=NOW)) == "no_value"  # type: ignore[misc]


@pytest.mark.parametrize("text", ["6.2282E15", "6.2282E+15", "6e+15", "123456.0", "123456.00", "1.38E+10", "1,234,567"])
def test_a_number_that_a_program_has_rewritten_is_no_number(text: str) -> None:
    assert why(lambda: cells.word(text, "card_no")) == "spreadsheet"
    assert why(lambda: cells.phone(text, "phone")) == "spreadsheet"


def test_an_amount_in_another_form_is_not_guessed() -> None:
    assert why(lambda: cells.fen("2.16E+4", "amount_fen")) == "spreadsheet"
    assert {why(lambda text=text: cells.fen(text, "amount_fen")) for text in ("216.00", "1,234", "¥5")} == {"fen"}  # type: ignore[misc]


@pytest.mark.parametrize("text", ["'0001", '="0001"', "`0001", "’0001", '"0001"', "0001"])
def test_a_guard_of_text_is_undone(text: str) -> None:
    assert cells.word(text, "receipt_no") == "0001"
    assert cells.line_number(text, "line_no") == 1
    assert cells.fen(text, "amount_fen") == 1


@pytest.mark.parametrize("text", ["''0001", "'0001'", "=0001", '=""0001""', "='0001'"])
def test_a_guard_that_can_be_read_in_two_ways_is_asked_about(text: str) -> None:
    assert why(lambda: cells.word(text, "receipt_no")) == "guard"


@pytest.mark.parametrize("text", ["A'B", "K-1", "20260301.1", "#12", "6E15", "R0", "AA", "a/b", "x" * 64])
def test_what_a_till_may_send_stays_as_it_is(text: str) -> None:
    assert cells.word(text, "receipt_no") == text


@pytest.mark.parametrize(
    ("text", "phone"),
    [("'13700000601", "13700000601"), ('="13700000601"', "13700000601"), ("13700000601", "13700000601")],
)
def test_phones_lose_their_guard(text: str, phone: str) -> None:
    assert cells.phone(text, "phone") == phone


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("张\u3000三", "张 三"),
        ("张\u00a0 三\u00a0", "张 三"),
        ("小明👨‍👩‍👧", "小明👨‍👩‍👧"),
        ("\u202a李四\u202c", "李四"),
        ("\ufeff王\u200b五", "王五"),
        ("'赵六", "赵六"),
        ("D'Arc", "D'Arc"),
        ("Nan", "Nan"),
        ("\ue863", "\ue863"),  # a rare character as GB18030 had it before Unicode did
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("", ""),
    ],
)
def test_a_name_is_kept_with_its_blanks_folded(text: str, kept: str) -> None:
    assert cells.name(text) == cells.Name(kept)


@pytest.mark.parametrize(
    ("text", "lost"), [("名" * 65, "long"), ("张\x07", "broken"), ("张\ufffd", "broken"), ("锟斤拷", "broken")]
)
def test_a_name_that_cannot_be_kept_is_lost(text: str, lost: str) -> None:
    assert cells.name(text) == cells.Name("", lost)


@pytest.mark.parametrize(
    "text",
    [
        "2026-1-5 9:05",
        "2026-01-05 9:05",
        "2026/1/5 9:05",
        "2026/01/05  9:05:00",
        "2026.1.5 9:05",
        "2026年1月5日 9:05",
        "2026年01月05日9时05分",
        "2026年1月5日 9点5分0秒",
        "2026／1／5 9：05",
        "2026-1-5T9:05:00.000",
        "2026-01-05T01:05:00Z",
        "'2026-1-5 9:05",
    ],
)
def test_moments_that_can_be_read_in_one_way(text: str) -> None:
    assert cells.moment(text, "occurred_at", now=NOW) == datetime(2026, 1, 5, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-1-5", "2026年1月5日", "2026/1/5", "20260105", "2026-01-05"])
def test_a_day_without_a_time_is_its_midnight(text: str) -> None:
    assert cells.moment(text, "joined_at", now=NOW) == datetime(2026, 1, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/05/2026", "moment_order"),
        ("5-1-2026 9:05", "moment_order"),
        ("26/1/5", "moment_order"),
        ("26-01-05", "moment_order"),
        ("46027", "moment_serial"),
        ("46027.378472", "moment_serial"),
        ("2026-1-59:05", "moment"),
        ("2026-13-5", "moment"),
        ("2026/1-5", "moment"),
        ("2026-1", "moment"),
        ("1-5", "moment"),
        ("", "missing"),
    ],
)
def test_moments_that_cannot(text: str, reason: str) -> None:
    assert why(lambda: cells.moment(text, "occurred_at", now=NOW)) == reason
