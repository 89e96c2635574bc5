"""How amounts and times read in a sentence."""

import pytest

from app.web import filters

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("minutes", "read"), [(0, "0 分钟"), (45, "45 分钟"), (60, "1 小时"), (90, "1 小时 30 分"), (1_440, "24 小时")]
)
def test_a_number_stands_apart_from_its_unit_of_time(minutes: int, read: str) -> None:
    assert filters.minutes_text(minutes) == read


@pytest.mark.parametrize(("fen", "read"), [(20_000, "200 元"), (2_050, "20.50 元"), (123_456_700, "1,234,567 元")])
def test_an_amount_in_a_sentence_is_in_yuan(fen: int, read: str) -> None:
    assert filters.yuan_words(fen) == read
