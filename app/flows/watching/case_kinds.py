"""The cases that self-dealing and the budget of SMS raise."""

from app.flows.consequences import self_dealing
from app.flows.watching import sms_budget

_KINDS = (self_dealing.OWN_COUPON, self_dealing.SIBLING_REFUND, sms_budget.SMS_BUDGET)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (self_dealing.raise_cases,)
