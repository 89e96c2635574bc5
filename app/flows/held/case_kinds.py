"""The cases that receipts which wait raise."""

from app.flows.held import asking

CASE_KINDS = {kind.code: kind for kind in (asking.SAME_PAYMENT, asking.REFUND_AHEAD)}
CASE_RAISERS = (asking.raise_cases,)
