"""Rows that are one receipt: what they may differ in, and which line and column is named when they may not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.identity.models import Member
from app.kernel.db import db
from app.purchases.models import Purchase
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import LINES, PURCHASE, reasons, write

WHOLE = "整单未导入"


def line(contract: Contract, member: Member, place: object = "", **facts: object) -> list[object]:
    """A row of the purchases table with lines."""
    usual = {
        "source": "old",
        "receipt_no": "R1",
        "store_code": contract.store.code,
        "card_no": member.card_no,
        "occurred_at": "2026-03-01 10:30:00",
        "amount_fen": 100,
        "refund_of": "",
        "category_code": "food",
        "line_no": place,
    } | facts
    return list(usual.values())


def recorded() -> list[tuple[str, int, datetime]]:
    found = select(Purchase.receipt_no, Purchase.amount_fen, Purchase.occurred_at).order_by(Purchase.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_lines_minutes_apart_are_one_receipt_at_the_earliest_time(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    times = ["2026-03-01 10:33", "2026-03-01 10:30", "2026-03-01 11:29:59"]
    path = write(tmp_path / "p.csv", LINES, [line(contract, member, occurred_at=time) for time in times])
    assert do_import("purchases", path).exit_code == 0
    assert recorded() == [("R1", 300, datetime(2026, 3, 1, 2, 30, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("facts", "reason", "column"),
    [
        ({"amount_fen": "much"}, "amount_fen 应为以分为单位的整数", "amount_fen"),
        ({"card_no": "OTHER"}, "card_no 与同一小票第 2 行不一致", "card_no"),
        ({"card_no": "NULL"}, "card_no 是「NULL」，不是实际的值", "card_no"),
        ({"store_code": "OTHER"}, "store_code 与同一小票第 2 行不一致", "store_code"),
        ({"refund_of": "R0"}, "refund_of 与同一小票第 2 行不一致", "refund_of"),
        ({"occurred_at": "2026-03-01 11:31"}, "occurred_at 比同一小票第 2 行晚 1 小时以上", "occurred_at"),
        ({"category_code": "", "line_no": ""}, "category_code 为空，而同一小票的其他行有品类", "category_code"),
        ({"line_no": 1}, "line_no 与同一小票第 2 行重复", "line_no"),
    ],
)
def test_a_rejected_receipt_names_the_line_and_the_column(
    tmp_path: Path,
    contract: Contract,
    member: Member,
    do_import: Import,
    facts: dict[str, object],
    reason: str,
    column: str,
) -> None:
    rows = [line(contract, member, 1), line(contract, member, 2, **facts), line(contract, member, 3)]
    path = write(tmp_path / "p.csv", LINES, [*rows, line(contract, member, 1, receipt_no="R2")])
    assert do_import("purchases", path).exit_code == 1
    others = f"同一小票的第 3 行有误（{column}），{WHOLE}"
    (first, why_first), (second, why_second), (third, why_third) = reasons(path)
    assert [(first, why_first), (third, why_third)] == [(2, others), (4, others)]
    assert (second, why_second.split("；")[0]) == (3, reason)
    assert [number for number, _, _ in recorded()] == ["R2"]


def test_a_receipt_may_have_ten_thousand_lines(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(tmp_path / "p.csv", LINES, [line(contract, member, n) for n in range(1, 10_001)])
    assert do_import("purchases", path).exit_code == 0
    assert [(number, amount) for number, amount, _ in recorded()] == [("R1", 1_000_000)]


def test_the_summary_tells_refunds_free_lines_and_what_is_below_zero_apart(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [
        line(contract, member, 1, amount_fen=500),
        line(contract, member, 2, amount_fen=-200),
        line(contract, member, 3, amount_fen=0),
        line(contract, member, receipt_no="R2", category_code="", amount_fen=0),
        line(contract, member, receipt_no="R3", category_code="", amount_fen=-100, refund_of="R1"),
        line(contract, member, receipt_no="R4", category_code="", amount_fen=-100, refund_of="R3"),
        line(contract, member, receipt_no="R5", category_code="", amount_fen=-100),
        line(contract, member, source="a:b", category_code=""),
        line(contract, member, source="photo", category_code=""),
    ]
    done = do_import("purchases", path := write(tmp_path / "p.csv", LINES, rows), "--effects", "ledger")
    assert "9 rows read, 5 new, 0 already there, 4 rejected" in done.output
    told = "of the new rows 1 are below zero within a purchase and lessen it, 2 cost nothing, 1 are refunds"
    assert told in done.output
    assert (
        "rejected: 2 for other reasons, 1 refunds of a refund or of another merchant's receipt, "
        "1 below zero without the receipt they refund" in done.output
    )
    assert [(number, amount) for number, amount, _ in recorded()] == [("R1", 300), ("R2", 0), ("R3", -100)]
    assert reasons(path)[-2] == (9, "source 不能含冒号")
    assert reasons(path)[-1] == (10, "source 不能是 claim、photo 或 wechat_circle，系统自己在用")
    again = do_import("purchases", path, "--effects", "ledger")
    assert "0 new, 5 already there" in again.output and "of the new rows" not in again.output


def test_a_refund_of_nobody_we_know_waits_with_its_receipt(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [
        ["old", "R1", contract.store.code, "", "2026-03-01 10:30", 500, ""],
        ["old", "R2", contract.store.code, "", "2026-03-01 10:40", -500, "R1"],
    ]
    done = do_import("purchases", write(tmp_path / "p.csv", PURCHASE, rows))
    assert "2 of the new rows are of nobody we know" in done.output and "1 are refunds" in done.output


def test_the_summary_names_the_kind_of_each_reject(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [
        line(contract, member, category_code="", amount_fen="12.5"),
        line(contract, member, category_code="", receipt_no="R2", occurred_at="03/01/2026"),
        line(contract, member, category_code="", receipt_no="R3", occurred_at="2099-01-01"),
    ]
    done = do_import("purchases", write(tmp_path / "p.csv", LINES, rows))
    for told in ("1 with an amount that is none", "1 with a day that could be two", "1 before 1990 or in the future"):
        assert told in done.output
