"""Handing messages over: claimed in one transaction, handed over once outside of any, recorded in another.

Not a queue like the others: a message is handed over at most once, so that one whose worker says nothing is not claimed
again. It ends as unknown.
"""

import logging
from collections.abc import Sequence

from app.flows import outreach
from app.flows.outreach import Outgoing
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.settings import WeChatSettings
from app.outreach.consents import templates
from app.outreach.consents.templates import Template
from app.outreach.messages import coupon_reminders, deliveries, queries
from app.wechat.client.rules import Outcome
from app.wechat.mini import MiniProgram, SendResult

logger = logging.getLogger(__name__)


def plan_coupon_reminders(*, limit: int) -> int:
    """Plan one batch of reminders of coupons that expire in two days; returns how many."""
    with atomic():
        return coupon_reminders.plan_batch(now=clock.now(), limit=limit)


def send_due_messages(mini: MiniProgram, settings: WeChatSettings, *, limit: int) -> bool:
    """Send one batch of due subscribe messages; returns whether there may be more. Any number may run at once."""
    with atomic():
        claimed, may_be_more = outreach.claim_subscribe_messages(now=clock.now(), limit=limit)
    for outgoing in claimed:
        try:
            _send(mini, settings, outgoing)
        except Exception:
            # One message's trouble must not cost the others theirs; what is not recorded ends as unknown.
            logger.exception("message left open", extra={"message_id": outgoing.claim.message_id})
    return may_be_more


def _send(mini: MiniProgram, settings: WeChatSettings, outgoing: Outgoing) -> None:
    result = _hand_over(mini, settings, outgoing)
    with atomic():
        outreach.record_sending(outgoing.claim, result, now=clock.now())


def _hand_over(mini: MiniProgram, settings: WeChatSettings, outgoing: Outgoing) -> SendResult:
    """Send once; not at all when this worker was so slow that it may be taken for dead."""
    claim = outgoing.claim
    if clock.now() >= claim.lease_until:
        return SendResult(Outcome.RETRY)
    template_id = templates.platform_ids(settings)[Template(claim.kind.template or "")]
    return mini.send_subscribe_message(
        outgoing.openid, template_id=template_id, data=claim.content.data, page=claim.content.page
    )


def give_up_silent_messages(*, limit: int) -> int:
    """Close one batch of messages whose worker died between claim and answer, never sent again; returns how many."""
    with atomic():
        return deliveries.give_up_silent(now=clock.now(), limit=limit)


def prove_consents() -> Sequence[int]:
    """The members whose stock of consents disagrees with its events; reported, never repaired."""
    with atomic():
        member_ids = [found.member_id for found in queries.list_stock_disagreements()]
    for member_id in member_ids:
        logger.error("stock of consents disagrees with its events", extra={"member_id": member_id})
    return member_ids
