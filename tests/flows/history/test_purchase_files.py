"""`flask import purchases`: what a file may look like, what is rejected and why, and running it again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.identity.models import Member
from app.kernel.db import db
from app.outreach.messages.models import OutreachMessage
from app.points.ledger import queries as points_queries
from app.purchases.models import InboxReceipt, Purchase, PurchaseLine
from app.settlement.ledger.models import Posting
from cli.imports import loading
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import LINES, PURCHASE, reasons, rejects, write
from tests.flows.history.snapshots import snapshot


def bought(contract: Contract, member: Member | None, number: str, **facts: object) -> list[object]:
    """A row of the purchases table."""
    usual = {
        "source": "old",
        "receipt_no": number,
        "store_code": contract.store.code,
        "card_no": member.card_no if member else "",
        "occurred_at": "2026-03-01 10:30:00",
        "amount_fen": 12_345,
        "refund_of": "",
    } | facts
    return list(usual.values())


def purchases() -> list[tuple[str, int]]:
    return [
        tuple(row) for row in db.session.execute(select(Purchase.receipt_no, Purchase.amount_fen).order_by(Purchase.id))
    ]


def test_receipts_zero_amounts_and_refunds_come_in_and_the_summary_says_so(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(
        tmp_path / "p.csv",
        PURCHASE,
        [
            bought(contract, member, "R1"),
            bought(contract, member, "R2", amount_fen=0),
            bought(contract, member, "R3", amount_fen=-2_345, refund_of="R1"),
            bought(contract, None, "R4"),
        ],
    )
    done = do_import("purchases", path)
    assert done.exit_code == 0
    assert "4 rows read, 4 new, 0 already there, 0 rejected" in done.output
    assert "1 of the new rows are of nobody we know" in done.output
    assert purchases() == [("R1", 12_345), ("R2", 0), ("R3", -2_345)]
    assert db.session.scalars(select(InboxReceipt.receipt_no)).all() == ["R4"]
    assert not rejects(path)


def test_without_effects_nothing_but_receipts_and_timeline_is_written(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, "R1")])
    do_import("purchases", path, "--effects", "none")
    tables = snapshot()
    assert [row[1] for row in tables["timeline"]] == ["purchased"]
    assert not any(tables[name] for name in ("points_entries", "growth_entries", "postings"))


def test_with_the_ledger_there_are_points_growth_and_postings_but_never_a_message(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, "R1")])
    do_import("purchases", path, "--effects", "ledger")
    assert points_queries.get_balance(member.id).available_points == 123
    assert db.session.scalars(select(Posting.amount_fen).order_by(Posting.id)).all() == [-617, -62]
    assert db.session.scalar(select(func.count()).select_from(OutreachMessage)) == 0
    assert points_queries.list_disagreements() == []


def test_naive_times_are_the_malls(tmp_path: Path, contract: Contract, member: Member, do_import: Import) -> None:
    times = ["2026-03-01 00:30:00", "2026-02-28T16:30:00Z", "2026/3/1 0:30", "2026-03-01T01:30:00+09:00"]
    rows = [bought(contract, member, f"R{n}", occurred_at=time) for n, time in enumerate(times)]
    assert do_import("purchases", write(tmp_path / "p.csv", PURCHASE, rows)).exit_code == 0
    assert set(db.session.scalars(select(Purchase.occurred_at))) == {datetime(2026, 2, 28, 16, 30, tzinfo=UTC)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_recognised(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import, encoding: str
) -> None:
    plain = [bought(contract, member, f"R{n}") + ["food", 1] for n in range(3)]
    chinese = bought(contract, member, "R9") + ["餐饮㐂", 1]
    path = write(tmp_path / "p.csv", LINES, [*plain, chinese], encoding=encoding)
    assert do_import("purchases", path).exit_code == 0
    assert db.session.scalars(select(PurchaseLine.category_code).order_by(PurchaseLine.purchase_id)).all() == [
        "food",
        "food",
        "food",
        "餐饮㐂",
    ]


def test_lines_that_stand_together_are_one_receipt(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [
        bought(contract, member, "R1", amount_fen=100) + ["food", 1],
        bought(contract, member, "R1", amount_fen=0) + ["bag", 2],
        bought(contract, member, "R1", amount_fen=50) + ["food", 7],
        bought(contract, member, "R2", amount_fen=3) + ["bag", ""],
        bought(contract, member, "R2", amount_fen=4) + ["bag", ""],
        bought(contract, member, "R3", amount_fen=5) + ["", ""],
    ]
    assert do_import("purchases", write(tmp_path / "p.csv", LINES, rows)).exit_code == 0
    assert purchases() == [("R1", 150), ("R2", 7), ("R3", 5)]
    lines = db.session.execute(select(PurchaseLine.line_no, PurchaseLine.amount_fen).order_by(PurchaseLine.purchase_id))
    assert sorted(map(tuple, lines)) == [(1, 3), (1, 100), (2, 0), (2, 4), (7, 50)]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"amount_fen": "12.5"}, "amount_fen 应为以分为单位的整数"),
        ({"amount_fen": ""}, "amount_fen 不能为空"),
        ({"amount_fen": "１２．５"}, "amount_fen 应为以分为单位的整数"),
        ({"amount_fen": 10**13}, "amount_fen 超过上限 10,000,000 元，请核对金额"),
        ({"occurred_at": "昨天"}, "occurred_at 不是日期时间（例：2026-03-01 10:30:00）"),
        ({"occurred_at": "2026/2/30"}, "occurred_at 不是日期时间（例：2026-03-01 10:30:00）"),
        ({"occurred_at": "2099-01-01 00:00:00"}, "occurred_at 早于 1990 年或晚于现在"),
        ({"occurred_at": "0001-01-01 00:00:00"}, "occurred_at 早于 1990 年或晚于现在"),
        ({"store_code": "NOWHERE"}, "没有门店编号 NOWHERE，请先导入门店"),
        ({"receipt_no": "小票"}, "receipt_no 只能是 1-64 个可见的英文字符或数字"),
        (
            {"receipt_no": "2.02603E+13"},
            "receipt_no 已被表格软件或程序改写（科学计数法、小数点或千分位），请把该列设为文本格式后重新导出",
        ),
        ({"amount_fen": -5}, "amount_fen 为负的小票必须填写原单号（refund_of）"),
        ({"refund_of": "R1"}, "填写了原单号（refund_of）的退款，amount_fen 必须为负"),
        ({"refund_of": "R1", "amount_fen": -99_999}, "退款超过小票剩余金额，最多还可退 12345 分"),
        ({"occurred_at": "2025-12-31 23:59:59"}, "该商户在 2025-12-31 没有合同条款，请先补录"),
        ({"receipt_no": "R1", "amount_fen": 1}, "该小票号已登记，且内容不同"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason_and_spoils_no_other(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import, facts: dict[str, object], reason: str
) -> None:
    rows = [bought(contract, member, "R1"), bought(contract, member, "BAD", **facts), bought(contract, member, "R2")]
    path = write(tmp_path / "p.csv", PURCHASE, rows)
    done = do_import("purchases", path, "--effects", "ledger")
    assert done.exit_code == 1
    assert "3 rows read, 2 new, 0 already there, 1 rejected" in done.output
    assert reasons(path) == [(3, reason)]
    assert purchases() == [("R1", 12_345), ("R2", 12_345)]


def test_broken_lines_are_rejected_alone(tmp_path: Path, contract: Contract, member: Member, do_import: Import) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, "R1"), bought(contract, member, "R2")])
    good, last = path.read_bytes().splitlines()[1:]
    broken = [b'"unclosed,' + good, good + b",more", b"", good.replace(b"R1", b"R\xff"), b"x" * 70_000, last]
    path.write_bytes(path.read_bytes().splitlines()[0] + b"\r\n" + b"\r\n".join([good, *broken]))
    assert do_import("purchases", path).exit_code == 1
    assert reasons(path) == [
        (3, "引号不成对，或字段内有换行"),
        (4, "列数与表头不一致"),
        (6, "这一行的文字编码无法识别（文件应为 UTF-8 或 GB18030）"),
        (7, "这一行过长"),
    ]
    assert purchases() == [("R1", 12_345), ("R2", 12_345)]


def test_a_receipt_with_a_wrong_line_never_counts_in_part(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    def line(number: str, category: str, place: object, **facts: object) -> list[object]:
        return [*bought(contract, member, number, **facts), category, place]

    rows = [
        line("R1", "food", 1),
        line("R1", "food", 2, amount_fen="much"),
        line("R1", "food", 3),
        line("R2", "food", 1),
        line("R2", "food", 1),
        line("R3", "food", 1),
        line("R3", "food", 2, occurred_at="2026-03-02 10:30:00"),
        line("R4", "food", 1),
        line("R4", "", ""),
        line("R5", "food", 1),
        ["old", "R5"],
        line("R5", "food", 2),
        line("R6", "food", 1),
    ]
    path = write(tmp_path / "p.csv", LINES, rows)
    assert do_import("purchases", path).exit_code == 1
    assert purchases() == [("R6", 12_345)]
    assert [number for number, _ in reasons(path)] == list(range(2, 14))


def test_a_receipt_with_too_many_lines_is_rejected_wholly(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [[*bought(contract, member, "R1", amount_fen=1), "food", n] for n in range(1, 10_002)]
    path = write(tmp_path / "p.csv", LINES, [*rows, [*bought(contract, member, "R2"), "food", 1]])
    done = do_import("purchases", path)
    assert done.exit_code == 1
    assert "rejected: 10,001 of receipts with too many lines" in done.output
    assert purchases() == [("R2", 12_345)]
    assert len(reasons(path)) == 10_001


def test_a_rejects_file_put_right_can_be_imported_as_it_is(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, "R1", amount_fen="1x")])
    do_import("purchases", path)
    found = path.with_name("p.csv.rejects.csv")
    again = tmp_path / "again.csv"
    again.write_text(found.read_text(encoding="utf-8-sig").replace("1x", "1"), encoding="utf-8")
    assert do_import("purchases", again).exit_code == 0
    assert purchases() == [("R1", 1)]


def test_a_rejects_file_holds_no_formula_and_reads_back_as_it_was(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, "+R1", amount_fen="=1+1")])
    do_import("purchases", path)
    [row] = rejects(path)
    assert (row["receipt_no"], row["amount_fen"]) == ("'+R1", "'=1+1")
    again = tmp_path / "again.csv"
    again.write_bytes(path.with_name("p.csv.rejects.csv").read_bytes().replace(b"'=1+1", b"1"))
    assert do_import("purchases", again).exit_code == 0
    assert purchases() == [("+R1", 1)]


def test_run_again_nothing_changes_and_the_old_rejects_go(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import
) -> None:
    rows = [bought(contract, member, f"R{n}") for n in range(5)] + [
        bought(contract, member, "R7", amount_fen=-5, refund_of="R1")
    ]
    path = write(tmp_path / "p.csv", PURCHASE, [*rows, bought(contract, member, "R8", amount_fen="x")])
    do_import("purchases", path, "--effects", "ledger")
    before = snapshot()
    done = do_import("purchases", path, "--effects", "ledger")
    assert "7 rows read, 0 new, 6 already there, 1 rejected" in done.output
    write(path, PURCHASE, rows)
    assert do_import("purchases", path, "--effects", "ledger").exit_code == 0
    assert not rejects(path)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("source,receipt_no", "misses store_code, card_no, occurred_at, amount_fen, refund_of"),
        (",".join(PURCHASE) + ",colour", "has unknown or repeated colour"),
        (",".join(PURCHASE) + ",source", "has unknown or repeated source"),
        (",".join(PURCHASE[1:]) + ",colour", "misses source; has unknown or repeated colour"),
        ("", "has no header"),
    ],
)
def test_a_file_without_the_right_header_is_not_touched(
    tmp_path: Path, contract: Contract, do_import: Import, header: str, said: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"{header}\n", encoding="utf-8")
    done = do_import("purchases", path)
    assert done.exit_code == 2
    assert said in done.output


def test_batches_make_no_difference(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 2)
    rows = [[*bought(contract, member, f"R{n // 3}", amount_fen=n), "food", n + 1] for n in range(9)]
    assert do_import("purchases", write(tmp_path / "p.csv", LINES, rows)).exit_code == 0
    assert purchases() == [("R0", 3), ("R1", 12), ("R2", 21)]


@pytest.mark.parametrize("receipts", [60, 500])
def test_a_batch_takes_a_handful_of_statements_however_many_receipts(
    tmp_path: Path, contract: Contract, member: Member, do_import: Import, count_statements, receipts: int
) -> None:
    path = write(tmp_path / "p.csv", PURCHASE, [bought(contract, member, f"R{n}") for n in range(receipts)])
    with count_statements() as seen:
        assert do_import("purchases", path, "--effects", "ledger").exit_code == 0
    assert len(seen) <= 29
