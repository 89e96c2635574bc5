"""The cases that self-dealing, cards that take many people's purchases, and the budget of SMS raise."""

from app.flows.consequences import self_dealing
from app.flows.watching import shared_cards, sms_budget

_KINDS = (
    self_dealing.OWN_COUPON,
    self_dealing.OWN_POINTS,
    self_dealing.SIBLING_REFUND,
    shared_cards.SHARED_CARD,
    sms_budget.SMS_BUDGET,
)
CASE_KINDS = {kind.code: kind for kind in _KINDS}
CASE_RAISERS = (self_dealing.raise_cases, shared_cards.raise_cases)
