"""The jobs themselves: one batch of a worker each; they say what it did and whether more waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.outreach.consents import templates
from app.payments import rules as payment_rules
from app.workers import cases, contacts, gates, greetings, outreach, payments, points, subscriptions, upkeep
from jobs.tools import Tools

PLAN_BATCH = 1000
SEND_BATCH = 10
CALL_BATCH = 20
REAP_BATCH = 200
EXPIRY_BATCH = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: how many things, whether more may wait, and facts worth keeping. No personal data."""

    done: int
    more: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def plan_coupon_reminders(tools: Tools) -> Batch:
    """Plan reminders of coupons that expire in two days."""
    return _counted(outreach.plan_coupon_reminders(limit=PLAN_BATCH), PLAN_BATCH)


def send_messages(tools: Tools) -> Batch:
    """Send subscribe messages that are due."""
    return Batch(0, more=outreach.send_due_messages(tools.gateway.mini, tools.settings.wechat, limit=SEND_BATCH))


def greet_contacts(tools: Tools) -> Batch:
    """Greet new WeCom contacts within the platform's 20 seconds."""
    public_url = tools.settings.public_url
    return _told(greetings.send_due_greetings(tools.gateway.wecom, public_url=public_url, limit=CALL_BATCH), CALL_BATCH)


def link_contacts(tools: Tools) -> Batch:
    """Bring WeCom contact events to the members they belong to."""
    return _told(contacts.link_due_contacts(tools.gateway.wecom, limit=CALL_BATCH), CALL_BATCH)


def take_in_subscriptions(tools: Tools) -> Batch:
    """Bring answers to subscription dialogs, as the platform pushed them, into the stock of consents."""
    ids = templates.platform_ids(tools.settings.wechat)
    return _told(subscriptions.take_in_due_answers(ids, limit=CALL_BATCH), CALL_BATCH)


def _told(tried: int, limit: int) -> Batch:
    """What became of queued rows stands in the rows; here only whether more may wait."""
    return Batch(0, more=tried == limit)


def _counted(done: int, limit: int) -> Batch:
    return Batch(done, more=done == limit)


def give_up_silent_messages(tools: Tools) -> Batch:
    """Close messages whose worker died between claim and answer; they are never sent again."""
    return _counted(outreach.give_up_silent_messages(limit=REAP_BATCH), REAP_BATCH)


def tell_gates(tools: Tools) -> Batch:
    """Tell the parking gates which stays are paid."""
    return _counted(gates.send_due_gate_messages(tools.gate, limit=CALL_BATCH), CALL_BATCH)


def close_overdue_orders(tools: Tools) -> Batch:
    """Give up orders that nobody paid in time, and close them with WeChat Pay."""
    return _counted(payments.close_overdue_orders(tools.gateway.pay, limit=CALL_BATCH), CALL_BATCH)


def refund_late_payments(tools: Tools) -> Batch:
    """Give back money that came after its order was closed."""
    notify_url = tools.settings.public_url + payment_rules.NOTICE_PATH
    tried = payments.refund_late_payments(tools.gateway.pay, notify_url=notify_url, limit=CALL_BATCH)
    return _counted(tried, CALL_BATCH)


def raise_cases(tools: Tools) -> Batch:
    """Ask people about what machines could not settle."""
    return Batch(cases.raise_cases())


def expire_points(tools: Tools) -> Batch:
    """Let lots run out whose last day is over, one member at a time."""
    expired = points.expire_overdue_lots(limit=EXPIRY_BATCH)
    return Batch(expired.members, more=expired.members == EXPIRY_BATCH, facts={"points": expired.points})


def prove_points(tools: Tools) -> Batch:
    """Compare every points account with its entries and its lots; report what disagrees, repair nothing."""
    return _proved(points.prove_accounts())


def prove_consents(tools: Tools) -> Batch:
    """Compare every stock of consents with its events; report what disagrees, repair nothing."""
    return _proved(outreach.prove_consents())


def _proved(member_ids: Sequence[int]) -> Batch:
    return Batch(len(member_ids), facts={"member_ids": list(member_ids)})


def sweep(tools: Tools) -> Batch:
    """Forget what has served its time: kept answers, counted attempts, nonces, used codes, old runs."""
    swept = upkeep.sweep()
    return Batch(sum(swept.values()), facts=swept)
