"""Jobs of messages and consents to them."""

from app.outreach.consents import templates
from app.workers import outreach, subscriptions
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

PLAN_BATCH = 1000
SEND_BATCH = 10
CALL_BATCH = 20
REAP_BATCH = 200


def plan_coupon_reminders(tools: Tools) -> Batch:
    """Plan reminders of coupons that expire in two days."""
    return Batch.counted(outreach.plan_coupon_reminders(limit=PLAN_BATCH), limit=PLAN_BATCH)


def send_messages(tools: Tools) -> Batch:
    """Send subscribe messages that are due."""
    return Batch(0, more=outreach.send_due_messages(tools.gateway.mini, tools.settings.wechat, limit=SEND_BATCH))


def give_up_silent_messages(tools: Tools) -> Batch:
    """Close messages whose worker died between claim and answer; they are never sent again."""
    return Batch.counted(outreach.give_up_silent_messages(limit=REAP_BATCH), limit=REAP_BATCH)


def take_in_subscriptions(tools: Tools) -> Batch:
    """Bring answers to subscription dialogs, as the platform pushed them, into the stock of consents."""
    ids = templates.platform_ids(tools.settings.wechat)
    return Batch.told(subscriptions.take_in_due_answers(ids, limit=CALL_BATCH), limit=CALL_BATCH)


def prove_consents(tools: Tools) -> Batch:
    """Compare every stock of consents with its events; report what disagrees, repair nothing."""
    return Batch.proved(outreach.prove_consents())


JOBS = (
    every(3, send_messages),
    every(5, take_in_subscriptions),
    every(60, give_up_silent_messages),
    daily("10:00", plan_coupon_reminders, until_hour=20),
    daily("03:30", prove_consents),
)
