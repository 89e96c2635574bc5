"""What a receipt must look like, and what of its rewards a refund takes back. Pure; amounts in fen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.circle import circles
from app.kernel import idempotency
from app.kernel.facts import Fact
from app.purchases import facts
from app.purchases.errors import ReceiptInvalid, RefundExceedsPurchase

# Ten million yuan: no receipt of a mall is larger, and what seems to be has its decimal point in the wrong place.
MOST_FEN = 10**9


# Sources in which members bring what a till printed: its number stands behind the store's code.
CLAIM, PHOTO = "claim", "photo"
MEMBER_SOURCES = (CLAIM, PHOTO)


def member_number(store_code: str, printed_no: str) -> str:
    """The number of a receipt that a member brings: numbers are a source's in the whole group, not a store's."""
    return f"{store_code}:{printed_no}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A part of a receipt by category; the sign is that of the receipt, or zero."""

    line_no: int
    category_code: str
    amount_fen: int


class Method(StrEnum):
    """How a part of a receipt was paid."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"  # cards, and the app of the same name
    CASH = "cash"
    PREPAID = "prepaid"  # gift and stored-value cards
    POINTS = "points"
    COUPON = "coupon"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A part of a receipt by how it was paid; the sign is that of the receipt, or zero.

    `transaction_id` is the number under which the payment (or its repayment) stands with who carried it out.
    """

    method: Method
    amount_fen: int
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt of a source. `amount_fen` >= 0 for a purchase, < 0 for a refund, which names the receipt it refunds.

    `commission_base_fen` (>= 0) is what the merchant's commission is worked out from, where that is not the amount.
    `till` is the cash register within the store, where the source says so.
    """

    source: str
    receipt_no: str
    store_code: str
    occurred_at: datetime
    amount_fen: int
    refund_of: str | None = None
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    commission_base_fen: int | None = None
    till: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the receipt is known by: its source and number."""
        return self.source, self.receipt_no

    @property
    def fact(self) -> Fact:
        """What the receipt is called in ledgers and postings."""
        return facts.receipt(self.source, self.receipt_no)

    @property
    def base_fen(self) -> int:
        """What commission is worked out from."""
        return self.amount_fen if self.commission_base_fen is None else self.commission_base_fen


def fingerprint(receipt: Receipt) -> str:
    """A digest of the content, equal for the same receipt sent again, in whatever zone its moment is written.

    Who bought is no part of it: codes roll. Nor is the till, which a source may begin to tell of any day.
    """
    content: dict[str, Any] = {
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
    # Named only where they are said: the digests of what came before they could be said stay as they were.
    if receipt.payments:
        content["payments"] = [[one.method, one.amount_fen, one.transaction_id] for one in receipt.payments]
    if receipt.commission_base_fen is not None:
        content["commission_base_fen"] = receipt.commission_base_fen
    return idempotency.fingerprint("receipt", content)


def ensure_sound(receipt: Receipt) -> None:
    """Raises ReceiptInvalid when sign, refund, lines, payments and base do not fit together, or the source has a colon;
    when it is larger than any receipt (`MOST_FEN`).
    """
    _ensure_without_colon(receipt.source)
    if abs(receipt.amount_fen) > MOST_FEN:
        raise ReceiptInvalid(reason="too_large")
    if receipt.refund_of is None and receipt.amount_fen < 0:
        raise ReceiptInvalid(reason="negative_purchase")
    if receipt.refund_of is not None and receipt.amount_fen >= 0:
        raise ReceiptInvalid(reason="positive_refund")
    if receipt.lines:
        _ensure_lines(receipt.lines, receipt.amount_fen)
    if receipt.payments:
        _ensure_payments(receipt.payments, receipt.amount_fen)
    if receipt.commission_base_fen is not None:
        _ensure_base(receipt)


def ensure_theirs(source: str) -> None:
    """Raises ReceiptInvalid when a till or a file calls its source by a name that is ours alone, or with a colon."""
    _ensure_without_colon(source)
    if source in (*MEMBER_SOURCES, circles.SOURCE):
        raise ReceiptInvalid(reason="own_source")


def _ensure_without_colon(source: str) -> None:
    """The colon ends the source in a receipt's fact: with one inside, two receipts could share a fact."""
    if ":" in source:
        raise ReceiptInvalid(reason="source")


def _ensure_lines(lines: Sequence[Line], amount_fen: int) -> None:
    if len({line.line_no for line in lines}) != len(lines):
        raise ReceiptInvalid(reason="line_numbers")
    if sum(line.amount_fen for line in lines) != amount_fen:
        raise ReceiptInvalid(reason="lines_sum")


def _ensure_payments(payments: Sequence[Payment], amount_fen: int) -> None:
    """The parts sum to the receipt, none has the other sign, and no transaction stands on it twice."""
    told = [(one.method, one.transaction_id) for one in payments if one.transaction_id is not None]
    if len(set(told)) != len(told):
        raise ReceiptInvalid(reason="payment_twice")
    if (
        any(one.amount_fen * amount_fen < 0 for one in payments)
        or sum(one.amount_fen for one in payments) != amount_fen
    ):
        raise ReceiptInvalid(reason="payments_sum")


def _ensure_base(receipt: Receipt) -> None:
    """A refund takes the commission back in proportion, so it has no base of its own; what cost nothing has none."""
    if receipt.refund_of is not None or receipt.base_fen < 0 or (receipt.amount_fen == 0 and receipt.base_fen):
        raise ReceiptInvalid(reason="commission_base")


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


def base_to_take(base_fen: int, *, amount_fen: int, kept_before_fen: int, kept_after_fen: int) -> int:
    """How much of the base of a purchase's commission a refund takes back (<= 0); nothing of it stays in the end."""
    if base_fen == amount_fen:
        return kept_after_fen - kept_before_fen
    return base_fen * kept_after_fen // amount_fen - base_fen * kept_before_fen // amount_fen
