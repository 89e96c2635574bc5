"""What a program proposes from the text that it read on a receipt, also on a tilted photograph."""

from datetime import date

import pytest

from app.purchases.photos import proposing
from app.purchases.photos.proposing import Piece, Proposal

pytestmark = pytest.mark.no_database

STORES = {"4F-08": "沸腾火锅", "1F-01": "Manner Coffee", "2F-03": "沸点烤肉", "B1-2": "全家"}
SENT = date(2026, 11, 29)


def piece(text: str, left: float, top: float, *, tilt: float = 0.0) -> Piece:
    """A piece of a photograph that is turned so that rows rise to the right (`tilt` < 0) or fall."""
    right = left + 24 * len(text)
    corners = ((left, top), (right, top), (right, top + 28), (left, top + 28))
    one, two, three, four = ((x, y + tilt * x) for x, y in corners)
    return Piece(text, (one, two, three, four))


def printed(tilt: float = 0.0, **words: str) -> list[Piece]:
    told = {"store": "沸腾火锅（云会店）", "number": "单号：A20261128-0173", "when": "日期：2026-11-2818:42:07"} | words
    rows = [
        (told["store"], ""),
        ("结账单", ""),
        (told["number"], ""),
        (told["when"], ""),
        ("虾滑", "42.00"),
        ("应付金额", "298.00"),
        ("优惠金额", "12.00"),
        (told.get("paid", "实付金额"), told.get("sum", "￥286.00")),
        ("找零", "14.00"),
        ("电话：021-55550173", ""),
    ]
    return [
        piece(text, left, 50.0 * row, tilt=tilt)
        for row, texts in enumerate(rows)
        for text, left in zip(texts, (30.0, 560.0), strict=True)
        if text
    ]


def propose(pieces: list[Piece]) -> Proposal:
    return proposing.propose(pieces, STORES, until=SENT, days=7)


@pytest.mark.parametrize("tilt", [0.0, 0.07, -0.07])
def test_all_that_is_printed_is_proposed(tilt: float) -> None:
    assert propose(printed(tilt)) == Proposal(
        store_code="4F-08", receipt_no="A20261128-0173", amount_fen=28_600, day="2026-11-28", time="18:42"
    )


@pytest.mark.parametrize(
    "words, field, wanted",
    [
        ({"store": "MANNER  COFFEE 上海店"}, "store_code", "1F-01"),
        ({"store": "全家便利店"}, "store_code", "B1-2"),
        ({"store": "海底捞"}, "store_code", None),
        ({"number": "No.00731"}, "receipt_no", "00731"),
        ({"number": "交易流水号 88-1"}, "receipt_no", "88-1"),
        ({"number": "单号：无"}, "receipt_no", None),
        ({"sum": "1,286.50元"}, "amount_fen", 128_650),
        ({"paid": "合计", "sum": "¥９９．００"}, "amount_fen", 9_900),
        ({"when": "2026年11月28日 08:05"}, "day", "2026-11-28"),
        ({"when": "2026年11月28日 08:05"}, "time", "08:05"),
        ({"when": "2026/11/02 08:05"}, "day", None),  # too old to be claimed
        ({"when": "2026-11-31"}, "day", None),
    ],
)
def test_other_ways_to_print_it(words: dict[str, str], field: str, wanted: object) -> None:
    assert getattr(propose(printed(**words)), field) == wanted


def test_nothing_is_made_up_where_nothing_was_read() -> None:
    assert propose([]).document() is None
