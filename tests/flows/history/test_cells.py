"""What a cell says: what programs and people leave in it, by the kind of its column."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.flows.history.files import cells, wording
from app.flows.history.files.errors import RowInvalid
from app.kernel import clock

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
NOTHING += ["\\N", "#REF!", "(空)", "'NULL", '="-"', "TRUE", "false", "Err:502", "#BUSY!", "<NA>", "-inf", "NaT"]
NOTHING += ["(blank)", "＃Ｎ／Ａ", "散客", "非会员", "+", "{}", "——", "...", "００"]
NOTHING += ["{null}", "null null", "无。", "- -", "#NA", "not available", "[object Object]", "&nbsp;", "<br>", "0-0"]
NOTHING += ["0000-0000-0000", "¥-", "无会员", "匿名", "(NULL)", "NULL;", "“无”"]


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


@pytest.mark.parametrize("text", ["TEST", "guest", "walk-in", "xxx", "Cash"])
def test_a_card_that_stands_for_anybody_is_nobodys(text: str) -> None:
    assert why(lambda: cells.card(text)) == "no_value"
    assert cells.name(text) == cells.Name(text)


def test_zero_is_an_amount_and_a_floor_and_other_words_for_nothing_are_not() -> None:
    assert cells.fen("0", "amount_fen") == cells.fen("'0", "amount_fen") == 0
    assert cells.plain("0", "floor", 16, zero=False) == "0"
    for text in ("-", "nan", "NULL", "########"):
        assert why(lambda text=text: cells.fen(text, "amount_fen")) == "no_value"  # type: ignore[misc]
        assert why(lambda text=text: cells.moment(text, "joined_at", now=NOW)) == "no_value"  # type: ignore[misc]


REWRITTEN = ["6.2282E15", "6.2282E+15", "6e+15", "123456.0", "123456.00", "1.38E+10", "1,234,567", "1,38E+10"]
REWRITTEN += ["1'234'567", "123,00", "123456."]


@pytest.mark.parametrize("text", [*REWRITTEN, "１．３８Ｅ＋１０"])
def test_a_number_that_a_program_has_rewritten_is_no_number(text: str) -> None:
    assert why(lambda: cells.word(text, "card_no")) == "spreadsheet"
    assert why(lambda: cells.phone(text, "phone")) == "spreadsheet"


def test_an_amount_in_another_form_is_not_guessed() -> None:
    assert why(lambda: cells.fen("2.16E+4", "amount_fen")) == "spreadsheet"
    assert {why(lambda text=text: cells.fen(text, "amount_fen")) for text in ("216.00", "1,234", "¥5")} == {"fen"}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥216.00", 21_600),
        ("￥ 216", 21_600),
        ("216.5 元", 21_650),
        ("216元整", 21_600),
        ("人民币216.50", 21_650),
        ("RMB 1,234.50", 123_450),
        ("1,234,567.89", 123_456_789),
        ("２１６．００", 21_600),
        (".5", 50),
        ("216.", 21_600),
        ("-¥216", -21_600),
        ("¥-216", -21_600),
        ("216.00-", -21_600),
        ("−216.00", -21_600),
        ("－２１６", -21_600),
        ("(216.00)", -21_600),
        ("¥(216.00)", -21_600),
        ("216\u00a0元", 21_600),
        ("0.00", 0),
    ],
)
def test_amounts_in_yuan_as_people_and_programs_write_them(text: str, fen: int) -> None:
    assert cells.yuan(text, "amount_yuan") == fen


@pytest.mark.parametrize(
    "text",
    [
        "216.005",
        "21.6万",
        "1.234,56",
        "216,00",
        "12,34.5",
        "1 234.56",
        "$216",
        "(216",
        "--216",
        "免费",
        "5元6角",
        "216¹",
    ],
)
def test_amounts_that_could_be_others_are_not_guessed(text: str) -> None:
    assert why(lambda: cells.yuan(text, "amount_yuan")) == "yuan"


@pytest.mark.parametrize("text", ["12345678901234", "1000000001", "-99999999999999分"])
def test_an_amount_that_no_receipt_has_is_too_large_and_not_no_number(text: str) -> None:
    assert why(lambda: cells.fen(text, "amount_fen")) == "amount_large"
    assert why(lambda: cells.yuan(f"{text.removesuffix('分')}.00", "amount_yuan")) == "amount_large"
    told = {"reason": "amount_large", "column": "amount_fen", "most": "10,000,000"}
    assert wording.explain("row_invalid", told, {"amount_fen": "金额"}) == "金额超过上限 10,000,000 元，请核对金额"
    assert cells.fen("1000000000", "amount_fen") == cells.yuan("10,000,000", "amount_yuan") == 10**9


@pytest.mark.parametrize("text", ["0001¹", "①", "½", "12²"])
def test_the_number_of_a_note_is_no_digit_of_a_value(text: str) -> None:
    assert why(lambda: cells.card(text)) == why(lambda: cells.word(text, "receipt_no")) == "word"
    assert why(lambda: cells.fen(text, "amount_fen")) == "fen"
    assert why(lambda: cells.line_number(text, "line_no")) == "line_no"
    assert why(lambda: cells.moment(f"2026-1-{text}", "joined_at", now=NOW)) == "moment"


def test_whole_fen_may_be_wide_or_say_so() -> None:
    assert [cells.fen(text, "amount_fen") for text in ("２１６００", "21600分", "−21600")] == [21_600, 21_600, -21_600]
    assert why(lambda: cells.yuan("", "amount_yuan")) == why(lambda: cells.fen("", "amount_fen")) == "missing"
    assert why(lambda: cells.yuan("2.16E+02", "amount_yuan")) == "spreadsheet"


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


@pytest.mark.parametrize("text", ["13800000000", "+86 138 0000 0000", "13800138000", "'13800138000"])
def test_a_phone_that_stands_for_none_is_nobodys(text: str) -> None:
    assert why(lambda: cells.phone(text, "phone")) == "no_value"


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
        ("Özlem Şahin", "Özlem Şahin"),
        ("龚琳娜", "龚琳娜"),
        ("", ""),
    ],
)
def test_a_name_is_kept_with_its_blanks_folded(text: str, kept: str) -> None:
    assert cells.name(text) == cells.Name(kept)


BROKEN = ["张\x07", "张\ufffd", "锟斤拷", "张\uffff", "寮犱笁", "鐜嬪皬鏄?", "å¼\xa0ä¸‰", "ÕÅÈý"]


@pytest.mark.parametrize(
    ("text", "lost"),
    [("名" * 65, "long"), *((text, "broken") for text in BROKEN)],
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
        "2026/1/5 上午9:05",
        "2026/1/5 9:05 AM",
        "2026/1/5 9:05\u202fAM",
        "2026年1月5号9:05",
        "\u200e2026/\u200e1/\u200e5 9:05",
        "20260105090500",
        "202601050905",
        "20260105 09:05",
        "2026-01-05 09:05:00.0",
        "2026-01-05 09:05:00 +0800",
        "'2026-1-5 9:05",
        "2026–1–5 9:05",
        "2026 年 1 月 5 日 9:05",
        "2026年1月5日 星期一 9:05",
        "2026/1/5 周一 上午9:05",
        "2026/1/5 9:05 上午",
        "2026-01-05 09:05:00+08",
    ],
)
def test_moments_that_can_be_read_in_one_way(text: str) -> None:
    assert cells.moment(text, "occurred_at", now=NOW) == datetime(2026, 1, 5, 1, 5, tzinfo=UTC)


def test_hours_after_noon_count_from_one_again() -> None:
    read = {text: cells.moment(text, "occurred_at", now=NOW).astimezone(clock.MALL_ZONE).hour for text in NOONS}
    assert read == NOONS


NOONS = {"2026/1/5 12:05 AM": 0, "2026/1/5 下午12:05": 12, "2026/1/5 3:05:06 PM": 15, "2026/1/5 下午 11:05": 23}
NOONS |= {"2026年1月5日9时": 9, "2026/1/5 下午3点整": 15}


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
        ("2026/1/5 13:05 PM", "moment"),
        ("2026-01-05T09:05:00+23:59", "moment"),
        ("2026-W01-1", "moment"),
        ("1767571500", "moment"),
        ("0000-00-00 00:00:00", "no_value"),
        ("2026/1/5 星期二", "moment"),
        ("2026-01-05 09-05", "moment"),
        ("2026-01-05 24:00", "moment"),
        ("5-Jan-26", "moment"),
        ("115/1/5", "moment"),
        ("2026-13-5", "moment"),
        ("2026/1-5", "moment"),
        ("2026-1", "moment"),
        ("1-5", "moment"),
        ("", "missing"),
    ],
)
def test_moments_that_cannot(text: str, reason: str) -> None:
    assert why(lambda: cells.moment(text, "occurred_at", now=NOW)) == reason
