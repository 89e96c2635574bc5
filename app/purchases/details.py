"""What a receipt says beside its head, as a document: lines, payments and base, for receipts that are nobody's yet."""

from collections.abc import Mapping
from typing import Any

from app.purchases.rules import Line, Method, Payment, Receipt


def details_of(receipt: Receipt) -> dict[str, Any] | None:
    """The document; None when the receipt says no more than its head."""
    told: dict[str, Any] = {}
    if receipt.lines:
        told["lines"] = [[line.line_no, line.category_code, line.amount_fen] for line in receipt.lines]
    if receipt.payments:
        told["payments"] = [[one.method.value, one.amount_fen, one.transaction_id] for one in receipt.payments]
    if receipt.commission_base_fen is not None:
        told["commission_base_fen"] = receipt.commission_base_fen
    return told or None


def read(document: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of a receipt that a document holds."""
    told = document or {}
    return {
        "lines": tuple(Line(line_no=no, category_code=code, amount_fen=fen) for no, code, fen in told.get("lines", ())),
        "payments": tuple(
            Payment(method=Method(method), amount_fen=fen, transaction_id=number)
            for method, fen, number in told.get("payments", ())
        ),
        "commission_base_fen": told.get("commission_base_fen"),
    }
