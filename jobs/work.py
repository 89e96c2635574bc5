"""The jobs themselves: one batch each, in units of work of their own; they say what they did and whether more waits."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel import clock, discovery
from app.kernel.db import atomic
from app.outreach.consents import templates
from app.outreach.messages import coupon_reminders, deliveries
from app.outreach.messages import queries as messages
from app.payments import rules as payment_rules
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.workers import contacts, gates, greetings, outreach, payments, subscriptions
from jobs.tools import Tools

logger = logging.getLogger(__name__)

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
    with atomic():
        planned = coupon_reminders.plan_batch(now=clock.now(), limit=PLAN_BATCH)
    return Batch(planned, more=planned == PLAN_BATCH)


def send_messages(tools: Tools) -> Batch:
    """Send subscribe messages that are due."""
    return _told(outreach.send_due_messages(tools.gateway.mini, tools.settings.wechat, limit=SEND_BATCH))


def greet_contacts(tools: Tools) -> Batch:
    """Greet new WeCom contacts within the platform's 20 seconds."""
    public_url = tools.settings.public_url
    return _told(greetings.send_due_greetings(tools.gateway.wecom, public_url=public_url, limit=CALL_BATCH))


def link_contacts(tools: Tools) -> Batch:
    """Bring WeCom contact events to the members they belong to."""
    return _told(contacts.link_due_contacts(tools.gateway.wecom, limit=CALL_BATCH))


def take_in_subscriptions(tools: Tools) -> Batch:
    """Bring answers to subscription dialogs, as the platform pushed them, into the stock of consents."""
    ids = templates.platform_ids(tools.settings.wechat)
    return _told(subscriptions.take_in_due_answers(ids, limit=CALL_BATCH))


def _told(may_be_more: bool) -> Batch:
    """What a flow with units of work of its own did stands in its own rows; here only whether it goes on."""
    return Batch(0, more=may_be_more)


def give_up_silent_messages(tools: Tools) -> Batch:
    """Close messages whose worker died between claim and answer; they are never sent again."""
    with atomic():
        given_up = deliveries.give_up_silent(now=clock.now(), limit=REAP_BATCH)
    return Batch(given_up, more=given_up == REAP_BATCH)


def tell_gates(tools: Tools) -> Batch:
    """Tell the parking gates which stays are paid."""
    tried = gates.send_due_gate_messages(tools.gate, limit=CALL_BATCH)
    return Batch(tried, more=tried == CALL_BATCH)


def close_overdue_orders(tools: Tools) -> Batch:
    """Give up orders that nobody paid in time, and close them with WeChat Pay."""
    tried = payments.close_overdue_orders(tools.gateway.pay, limit=CALL_BATCH)
    return Batch(tried, more=tried == CALL_BATCH)


def refund_late_payments(tools: Tools) -> Batch:
    """Give back money that came after its order was closed."""
    notify_url = tools.settings.public_url + payment_rules.NOTICE_PATH
    tried = payments.refund_late_payments(tools.gateway.pay, notify_url=notify_url, limit=CALL_BATCH)
    return Batch(tried, more=tried == CALL_BATCH)


def expire_points(tools: Tools) -> Batch:
    """Let lots run out whose last day is over, one member at a time."""
    now = clock.now()
    with atomic():
        member_ids = points.list_members_with_overdue_lots(today=clock.business_date(now), limit=EXPIRY_BATCH)
    expired = 0
    for member_id in member_ids:
        with atomic():
            expired += ledger.expire(member_id, now=now)
    return Batch(len(member_ids), more=len(member_ids) == EXPIRY_BATCH, facts={"points": expired})


def prove_points(tools: Tools) -> Batch:
    """Compare every points account with its entries and its lots; report what disagrees, repair nothing."""
    with atomic():
        disagreements = points.list_disagreements()
    for found in disagreements:
        logger.error("points account disagrees with its ledger", extra={"member_id": found.member_id})
    return Batch(len(disagreements), facts={"member_ids": [found.member_id for found in disagreements]})


def prove_consents(tools: Tools) -> Batch:
    """Compare every stock of consents with its events; report what disagrees, repair nothing."""
    with atomic():
        disagreements = messages.list_stock_disagreements()
    for found in disagreements:
        logger.error("stock of consents disagrees with its events", extra={"member_id": found.member_id})
    return Batch(len(disagreements), facts={"member_ids": [found.member_id for found in disagreements]})


def sweep(tools: Tools) -> Batch:
    """Forget what has served its time: kept answers, counted attempts, nonces, used codes, old runs."""
    now = clock.now()
    swept = {name: _swept(forget, now) for name, forget in _SWEEPS.items()}
    return Batch(sum(swept.values()), facts=swept)


def _swept(forget: Callable[..., int], now: datetime) -> int:
    with atomic():
        return forget(now=now)


_SWEEPS: dict[str, Callable[..., int]] = discovery.merged("SWEEPS", named="sweeps", below=["app"])
