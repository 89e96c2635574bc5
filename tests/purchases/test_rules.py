"""What a receipt must look like, and what a refund takes back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.purchases import rules
from app.purchases.errors import ReceiptInvalid, RefundExceedsPurchase
from app.purchases.rules import Line, Receipt

pytestmark = pytest.mark.no_database

RECEIPT = Receipt(
    source="pos",
    receipt_no="R1",
    store_code="S1",
    occurred_at=datetime(2026, 3, 11, 4, 0, tzinfo=UTC),
    amount_fen=10_000,
)


def line(number: int, amount_fen: int) -> Line:
    return Line(line_no=number, category_code="food", amount_fen=amount_fen)


@pytest.mark.parametrize(
    "receipt",
    [
        RECEIPT,
        replace(RECEIPT, amount_fen=0),
        replace(RECEIPT, amount_fen=-1, refund_of="R0"),
        replace(RECEIPT, lines=(line(1, 4_000), line(2, 6_000))),
        replace(RECEIPT, lines=(line(1, 11_000), line(2, -1_000))),
    ],
)
def test_sound_receipts_pass(receipt: Receipt) -> None:
    rules.ensure_sound(receipt)


@pytest.mark.parametrize(
    ("receipt", "reason"),
    [
        (replace(RECEIPT, source="pos:a"), "source"),
        (replace(RECEIPT, amount_fen=-1), "negative_purchase"),
        (replace(RECEIPT, refund_of="R0"), "positive_refund"),
        (replace(RECEIPT, amount_fen=0, refund_of="R0"), "positive_refund"),
        (replace(RECEIPT, amount_fen=rules.MOST_FEN + 1), "too_large"),
        (replace(RECEIPT, amount_fen=-rules.MOST_FEN - 1, refund_of="R0"), "too_large"),
        (replace(RECEIPT, lines=(line(1, 9_999),)), "lines_sum"),
        (replace(RECEIPT, lines=(line(1, 4_000), line(1, 6_000))), "line_numbers"),
    ],
)
def test_receipts_that_contradict_themselves_are_refused(receipt: Receipt, reason: str) -> None:
    with pytest.raises(ReceiptInvalid) as refused:
        rules.ensure_sound(receipt)
    assert refused.value.facts == {"reason": reason}


def test_the_largest_receipt_is_taken() -> None:
    rules.ensure_sound(replace(RECEIPT, amount_fen=rules.MOST_FEN))


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_fen": 10_001},
        {"store_code": "S2"},
        {"occurred_at": datetime(2026, 3, 11, 4, 1, tzinfo=UTC)},
        {"lines": (line(1, 10_000),)},
        {"refund_of": "R0"},
    ],
)
def test_other_content_has_another_fingerprint(changed: dict[str, object]) -> None:
    assert rules.fingerprint(replace(RECEIPT, **changed)) != rules.fingerprint(RECEIPT)  # type: ignore[arg-type]


def test_refunds_stay_within_the_purchase() -> None:
    assert rules.kept_after_refund(10_000, [-3_000], -7_000) == (7_000, 0)
    with pytest.raises(RefundExceedsPurchase) as refused:
        rules.kept_after_refund(10_000, [-3_000], -7_001)
    assert refused.value.facts == {"left_fen": 7_000}


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_refunded_in_parts_takes_exactly_the_whole_reward(reward: int, parts: list[int]) -> None:
    amount = kept = sum(parts)
    taken = 0
    for part in parts:
        taken += rules.reward_to_take(reward, amount_fen=amount, kept_before_fen=kept, kept_after_fen=kept - part)
        kept -= part
        assert 0 <= taken <= reward
    assert taken == reward


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.data())
def test_what_stays_is_never_more_than_the_kept_share(reward: int, amount: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, amount))
    taken = rules.reward_to_take(reward, amount_fen=amount, kept_before_fen=amount, kept_after_fen=kept)
    assert (reward - taken) * amount <= reward * kept
