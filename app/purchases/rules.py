"""What a receipt must look like, and what of its rewards a refund takes back. Pure; amounts in fen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.kernel import idempotency
from app.kernel.facts import Fact
from app.purchases import facts
from app.purchases.errors import ReceiptInvalid, RefundExceedsPurchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of a receipt by category; the sign is that of the receipt, or zero."""

    line_no: int
    category_code: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt of a source. `amount_fen` >= 0 for a purchase, < 0 for a refund, which names the receipt it refunds."""

    source: str
    receipt_no: str
    store_code: str
    occurred_at: datetime
    amount_fen: int
    refund_of: str | None = None
    lines: tuple[Line, ...] = ()

    @property
    def fact(self) -> Fact:
        """What the receipt is called in ledgers and postings."""
        return facts.receipt(self.source, self.receipt_no)

    @property
    def refunded_fact(self) -> Fact:
        """What the receipt is called that this one refunds. Raises ValueError for a purchase."""
        if self.refund_of is None:
            raise ValueError("a purchase refunds nothing")
        return facts.receipt(self.source, self.refund_of)


def fingerprint(receipt: Receipt) -> str:
    """A digest of the content, equal for the same receipt sent again, in whatever zone its moment is written.

    Who bought is no part of it: codes roll.
    """
    content = {
        "source": receipt.source,
        "receipt_no": receipt.receipt_no,
        "store_code": receipt.store_code,
        "occurred_at": receipt.occurred_at.astimezone(UTC),
        "amount_fen": receipt.amount_fen,
        "refund_of": receipt.refund_of,
        "lines": [
            {"line_no": line.line_no, "category_code": line.category_code, "amount_fen": line.amount_fen}
            for line in receipt.lines
        ],
    }
    return idempotency.fingerprint("receipt", content)


def ensure_sound(receipt: Receipt) -> None:
    """Raises ReceiptInvalid when sign, refund and lines do not fit together, or the source's name holds a colon.

    The colon ends the source in a receipt's fact: with one inside, two receipts could share a fact.
    """
    if ":" in receipt.source:
        raise ReceiptInvalid(reason="source")
    if receipt.refund_of is None and receipt.amount_fen < 0:
        raise ReceiptInvalid(reason="negative_purchase")
    if receipt.refund_of is not None and receipt.amount_fen >= 0:
        raise ReceiptInvalid(reason="positive_refund")
    if receipt.lines:
        _ensure_lines(receipt.lines, receipt.amount_fen)


def _ensure_lines(lines: Sequence[Line], amount_fen: int) -> None:
    if len({line.line_no for line in lines}) != len(lines):
        raise ReceiptInvalid(reason="line_numbers")
    if sum(line.amount_fen for line in lines) != amount_fen:
        raise ReceiptInvalid(reason="lines_sum")


def kept_after_refund(amount_fen: int, refunds_fen: Sequence[int], refund_fen: int) -> tuple[int, int]:
    """What the customer kept before and after a refund (`refund_fen` < 0); raises RefundExceedsPurchase."""
    before = amount_fen + sum(refunds_fen)
    if before + refund_fen < 0:
        raise RefundExceedsPurchase(left_fen=before)
    return before, before + refund_fen


def reward_to_take(reward: int, *, amount_fen: int, kept_before_fen: int, kept_after_fen: int) -> int:
    """How much of a purchase's reward a refund takes back (>= 0).

    However a purchase is refunded in parts, what stays is the floor of the kept part's share, and nothing stays of a
    purchase that was refunded wholly.
    """
    if amount_fen == 0:
        return 0
    return reward * kept_before_fen // amount_fen - reward * kept_after_fen // amount_fen


def growth_for(amount_fen: int) -> int:
    """Growth for money spent: one for every whole yuan."""
    return amount_fen // 100
