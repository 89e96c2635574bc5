"""The cases that the budget of SMS raises."""

from app.flows.watching import sms_budget

CASE_KINDS = {sms_budget.SMS_BUDGET.code: sms_budget.SMS_BUDGET}
