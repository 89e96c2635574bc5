"""Day totals of tills that come by file: tried, kept, corrected, and compared like those that tills tell."""

from sqlalchemy import select

from app.kernel.db import db
from app.purchases.totals.models import TillTotal
from tests.builders.console import World
from tests.mall_console import importing
from tests.mall_console.conftest import Console, audited

HEADINGS = ("来源", "门店编码", "款台号", "营业日", "小票数", "销售金额（元）")


def test_a_file_of_totals_is_tried_then_kept_and_corrects_what_was_said(operations: Console, world: World) -> None:
    store, day = world.store.code, "2026-03-10"
    rows = [
        ("pos9", store, "1", day, "12", "1,308.50"),
        ("pos9", store, "", "2026/3/10", "3笔", "-20"),
        ("pos9", store, "1", day, "13", "1308.5"),
        ("pos9", "NOWHERE", "1", day, "1", "5"),
        ("pos9", store, "2", "2027-03-10", "1", "5"),
        ("pos9", store, "3", day, "不少", "5"),
    ]
    page = importing.bring(operations, world, importing.csv_of(HEADINGS, rows, "\t"), kind="totals", name="日结.txt")
    importing.say_columns(operations, page)
    importing.work()
    foreseen = operations.get(page).text
    assert "与文件里另一行的日结不一致" in foreseen and "小票数须为整数" in foreseen and "没有这家门店" in foreseen
    assert _kept() == {}
    operations.post(f"{page}/run")
    importing.work()
    assert _kept() == {"1": (12, 130_850), "*": (3, -2_000)}
    assert audited("import.done").facts == {"kind": "totals", "new": 2, "known": 0, "rejected": 4}
    rows = [("pos9", store, "1", day, "12", "1308.50"), ("pos9", store, "", day, "4", "20")]
    page = importing.bring(operations, world, importing.csv_of(HEADINGS, rows), kind="totals", name="日结.csv")
    importing.say_columns(operations, page)
    importing.work()
    assert "更正原有数据" in operations.get(page).text
    operations.post(f"{page}/run")
    importing.work()
    assert _kept() == {"1": (12, 130_850), "*": (4, 2_000)}


def _kept() -> dict[str, tuple[int, int]]:
    found = db.session.scalars(
        select(TillTotal).where(TillTotal.source == "pos9").execution_options(populate_existing=True)
    )
    return {one.till: (one.receipt_count, one.amount_fen) for one in found}
