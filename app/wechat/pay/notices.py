"""WeChat Pay's orders, refunds and notices as typed values; pure reading, no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.kernel.spelling import moments

# What reading a body raises that is not what the platform writes.
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, OverflowError)


class TradeState(StrEnum):
    """Where an order stands with the platform."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"


# Once an order is paid it stays so, also when money went back.
PAID = frozenset({TradeState.SUCCESS, TradeState.REFUND})
# Ours are all in this one; the platform may leave it out.
CURRENCY = "CNY"


class RefundStatus(StrEnum):
    """Where a refund stands."""

    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    PROCESSING = "PROCESSING"
    ABNORMAL = "ABNORMAL"  # the money did not reach the person: somebody must act


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order as the platform has it; `transaction_id`, `openid`, `paid_at` are empty until it is paid.

    `total_fen` is in the hundredth part of `currency`.
    """

    mchid: str
    appid: str
    out_trade_no: str
    transaction_id: str
    state: TradeState
    total_fen: int
    currency: str
    openid: str
    paid_at: datetime | None
    attach: str


@dataclass(frozen=True, slots=True)
class RefundState:
    """A refund as the platform has it."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    transaction_id: str
    status: RefundStatus
    refund_fen: int
    total_fen: int
    refunded_at: datetime | None


@dataclass(frozen=True, slots=True)
class PayNotice:
    """One notice: about an order or about a refund, or neither for kinds the product does not use."""

    notice_id: str
    kind: str
    order: PaidOrder | None
    refund: RefundState | None


def notice_of(envelope: Mapping[str, Any], *, now: datetime) -> PayNotice:
    """Read a verified and decrypted envelope; raises one of UNREADABLE when a known kind lacks what it must have."""
    kind, resource = str(envelope.get("event_type", "")), envelope["resource"]
    return PayNotice(
        notice_id=str(envelope["id"]),
        kind=kind,
        order=order_of(resource, now=now) if kind.startswith("TRANSACTION.") else None,
        refund=refund_of(resource, now=now) if kind.startswith("REFUND.") else None,
    )


def order_of(found: Mapping[str, Any], *, now: datetime) -> PaidOrder:
    """An order from a query or a notice; raises one of UNREADABLE for a body that is none.

    One that is paid must say by which transaction; when it does not say since when, it is since now.
    """
    amount, state = found.get("amount") or {}, TradeState(found["trade_state"])
    transaction_id = str(found.get("transaction_id") or "")
    if state in PAID and not transaction_id:
        raise ValueError("paid, but not said how")
    return PaidOrder(
        mchid=str(found["mchid"]),
        appid=str(found["appid"]),
        out_trade_no=str(found["out_trade_no"]),
        transaction_id=transaction_id,
        state=state,
        total_fen=int(amount.get("total", 0)),
        currency=str(amount.get("currency") or CURRENCY),
        openid=str((found.get("payer") or {}).get("openid", "")),
        paid_at=moments.read_platform(found.get("success_time"), now=now) if state in PAID else None,
        attach=str(found.get("attach") or ""),
    )


def refund_of(found: Mapping[str, Any], *, now: datetime) -> RefundState:
    """A refund from an answer (`status`) or a notice (`refund_status`)."""
    amount, success = found.get("amount") or {}, found.get("success_time")
    return RefundState(
        out_refund_no=str(found["out_refund_no"]),
        refund_id=str(found.get("refund_id", "")),
        out_trade_no=str(found.get("out_trade_no", "")),
        transaction_id=str(found.get("transaction_id", "")),
        status=RefundStatus(found.get("refund_status") or found["status"]),
        refund_fen=int(amount.get("refund", 0)),
        total_fen=int(amount.get("total", 0)),
        refunded_at=moments.read_platform(success, now=now) if success else None,
    )
