"""The cases that stuck payments and unread callbacks raise."""

from app.flows import stuck_payments, unread_callbacks

_KINDS = (
    stuck_payments.ORDER_STUCK,
    stuck_payments.REFUND_STUCK,
    stuck_payments.REFUND_UNDELIVERED,
    unread_callbacks.CALLBACK_UNREAD,
)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (stuck_payments.raise_cases,)
