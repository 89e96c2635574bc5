"""Statements on paper."""

import io
import re

import pytest

from app.kernel import clock as app_clock
from app.settlement.accounts import accounts
from app.settlement.exports import printed
from app.settlement.exports.capitals import in_capitals
from app.settlement.exports.exports import file_name
from app.settlement.statements.queries import NamedStatement
from tests.builders.settlement import make_contract, post_redemption
from tests.settlement.test_exports import TENTH, close, given_busy_contract


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (30, "叁角整"),
        (100_530, "壹仟零伍元叁角整"),
        (-34_414, "叁佰肆拾肆元壹角肆分"),
        (1_000_105, "壹万零壹元零伍分"),
        (1_010_000_00, "壹佰零壹万元整"),
        (10_001_000_00, "壹仟万壹仟元整"),
        (100_000_010_00, "壹亿零壹拾元整"),
        (123_456_789_01, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
    ],
)
def test_amounts_in_capitals(fen: int, words: str) -> None:
    assert in_capitals(fen) == words


def pages_of(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF-")
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def paper(named: list[NamedStatement], *, most_rows: int = printed.MOST_ROWS) -> bytes:
    out = io.BytesIO()
    printed.write_pdf(named, out, most_rows=most_rows)
    return out.getvalue()


def test_each_statement_has_pages_of_its_own_with_its_rows() -> None:
    busy = given_busy_contract()
    idle = make_contract(busy.mall)
    accounts.set_account(
        busy.mall.id, busy.merchant.id, holder="甲 & 乙 <丙>", bank="工商银行", number="62220000", now=app_clock.now()
    )
    named = close(busy, idle)
    assert pages_of(paper(named)) == 2
    assert pages_of(paper(named[:1])) == 1
    assert file_name(named[:1], "pdf").endswith(".pdf")


def test_many_rows_go_on_over_pages_below_the_same_head() -> None:
    contract = make_contract()
    for _ in range(30):
        post_redemption(contract, TENTH, mall_fen=700)
    named = close(contract)
    assert (pages_of(paper(named)), pages_of(paper(named, most_rows=59))) == (2, 1)
