"""Files with what programs leave in cells: nobody is credited by a word for nothing, and nobody is lost for a name."""

from pathlib import Path

from sqlalchemy import select

from app.identity import queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel.db import db
from app.kernel.security import crypto
from app.purchases.models import Purchase
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import MEMBER, PURCHASE, notes, reasons, write

REWRITTEN = "card_no 已被表格软件或程序改写（科学计数法、小数点或千分位），请把该列设为文本格式后重新导出"


def no_value(column: str, text: str) -> str:
    return f"{column} 是「{text}」，不是实际的值；请填写真实的值，确实没有请留空或删去这一行"


def cards() -> list[str]:
    """Those that files brought."""
    found = db.session.scalars(select(MemberIdentity.value).where(MemberIdentity.kind == IdentityKind.CARD_NO))
    return sorted(card for card in found if not card.startswith("6288"))


def test_members_whose_card_is_a_word_for_nothing_are_rejected(
    tmp_path: Path, contract: Contract, do_import: Import
) -> None:
    words = ["NULL", "-", "#N/A", "0", "########", "无"]
    rows = [[word, f"1370000050{n}", word, "2026/1/5"] for n, word in enumerate(words)]
    path = write(tmp_path / "m.csv", MEMBER, [*rows, ["KEEP-1", "13700000510", "张三", "2026/1/5"]])
    assert do_import("members", path).exit_code == 1
    assert cards() == ["KEEP-1"]
    assert reasons(path) == [(n, no_value("card_no", word)) for n, word in enumerate(words, start=2)]


def test_no_receipt_is_credited_by_a_word_for_nothing(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    do_import("members", write(tmp_path / "m.csv", MEMBER, [["KEEP-1", "13700000510", "张三", "2026/1/5"]]))
    words = ["NULL", "-", "#N/A", "0", "########", "nan", "KEEP-1"]
    rows = [["bug", f"Z0{n}", contract.store.code, word, "2026/3/1 12:00", 21_600, ""] for n, word in enumerate(words)]
    path = write(tmp_path / "p.csv", PURCHASE, rows)
    done = do_import("purchases", path, "--effects", "ledger")
    assert "7 rows read, 1 new, 0 already there, 6 rejected" in done.output
    owner = queries.find_member_id(IdentityKind.CARD_NO, "KEEP-1")
    assert db.session.execute(select(Purchase.receipt_no, Purchase.member_id)).all() == [("Z06", owner)]
    assert reasons(path) == [(n, no_value("card_no", word)) for n, word in enumerate(words[:6], start=2)]


def test_numbers_that_went_through_a_double_are_rejected(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    rewritten = ["6.2282E15", "6.2282E15", "123456.0", "1.3800138E10"]
    phones = ["13700000507", "13700000511", "13700000504", "1.3800138E10"]
    rows = [[card, phone, "李四", "2026/1/5"] for card, phone in zip(rewritten, phones, strict=True)]
    path = write(tmp_path / "m.csv", MEMBER, [*rows, ["123456", "13700000512", "赵六", "2026/1/5"]])
    assert do_import("members", path).exit_code == 1
    assert cards() == ["123456"]
    assert reasons(path) == [(line, REWRITTEN) for line in (2, 3, 4, 5)]


def test_guards_of_text_are_no_part_of_a_number(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    do_import("members", write(tmp_path / "m.csv", MEMBER, [["'KEEP-1", '="13700000510"', "'张三", "2026/1/5"]]))
    assert cards() == ["KEEP-1"]
    rest = ["2026/1/5 12:00", 21_600, ""]
    pairs = [("'0001", "'KEEP-1"), ('="0002"', '="KEEP-1"'), ("\t0003", "\tKEEP-1"), ("0004", "KEEP-1")]
    path = write(
        tmp_path / "p.csv", PURCHASE, [["bug", number, contract.store.code, card, *rest] for number, card in pairs]
    )
    assert do_import("purchases", path).exit_code == 0
    owner = queries.find_member_id(IdentityKind.CARD_NO, "KEEP-1")
    found = db.session.execute(select(Purchase.receipt_no, Purchase.member_id).order_by(Purchase.receipt_no)).all()
    assert found == [(number, owner) for number in ("0001", "0002", "0003", "0004")]


def test_a_name_that_cannot_be_kept_is_noted_and_the_member_stays(
    tmp_path: Path, contract: Contract, do_import: Import
) -> None:
    names = ["张\u3000三", "NULL", "名" * 65, "张\ufffd", ""]
    rows = [[f"C{n}", f"1370000050{n}", name, "2026/1/5"] for n, name in enumerate(names)]
    path = write(tmp_path / "m.csv", MEMBER, [*rows, ["", "13700000509", "NULL", "2026/1/5"]])
    done = do_import("members", path)
    assert "6 rows read, 5 new, 0 already there, 1 rejected" in done.output
    assert "3 rows came in without their name" in done.output
    assert cards() == ["C0", "C1", "C2", "C3", "C4"]
    sealed = db.session.scalars(select(Member.name_sealed).where(Member.name_sealed.is_not(None))).all()
    assert [crypto.unseal(name or b"", purpose=queries.NAME_PURPOSE) for name in sealed] == ["张 三"]
    assert notes(path) == [
        (3, "已导入，但姓名不是真实的姓名，未保留"),
        (4, "已导入，但姓名超过 64 个字，未保留"),
        (5, "已导入，但姓名是乱码或含有控制字符，未保留"),
    ]
    assert reasons(path) == [(7, "card_no 不能为空")]


def test_a_reason_calls_the_amount_as_the_file_does(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    in_yuan = [name.replace("amount_fen", "amount_yuan") for name in PURCHASE]
    row = ["old", "R1", contract.store.code, "", "2026-01-05 10:00:00", "-5", ""]
    path = write(tmp_path / "p.csv", in_yuan, [row])
    do_import("purchases", path)
    assert reasons(path) == [(2, "amount_yuan 为负的小票必须填写原单号（refund_of）")]
