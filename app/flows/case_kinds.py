"""The cases that stuck payments raise."""

from app.flows import stuck_payments

CASE_KINDS = {kind.code: kind for kind in (stuck_payments.ORDER_STUCK, stuck_payments.REFUND_STUCK)}
CASE_RAISERS = (stuck_payments.raise_cases,)
