"""Jobs of payments."""

from app.payments import rules
from app.workers import payments
from jobs.kit import Batch, every
from jobs.tools import Tools

CALL_BATCH = 20


def close_overdue_orders(tools: Tools) -> Batch:
    """Give up orders that nobody paid in time, and close them with WeChat Pay."""
    return Batch.counted(payments.close_overdue_orders(tools.gateway.pay, limit=CALL_BATCH), limit=CALL_BATCH)


def refund_payments(tools: Tools) -> Batch:
    """Give back money that came too late, or for what was given back."""
    notify_url = tools.settings.public_url + rules.NOTICE_PATH
    tried = payments.refund_payments(tools.gateway.pay, notify_url=notify_url, limit=CALL_BATCH)
    return Batch.counted(tried, limit=CALL_BATCH)


JOBS = (
    every(20, close_overdue_orders),
    every(20, refund_payments),
)
