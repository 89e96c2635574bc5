"""The cases that stuck payments and unread callbacks raise."""

from app.flows.stuck import callbacks, payments

_KINDS = (
    payments.ORDER_STUCK,
    payments.REFUND_STUCK,
    payments.REFUND_UNDELIVERED,
    callbacks.CALLBACK_UNREAD,
)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (payments.raise_cases, callbacks.raise_cases)
