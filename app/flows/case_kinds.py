"""The cases that stuck payments raise."""

from app.flows import stuck_payments

_KINDS = (stuck_payments.ORDER_STUCK, stuck_payments.REFUND_STUCK, stuck_payments.REFUND_UNDELIVERED)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (stuck_payments.raise_cases,)
