"""Reminders of the demo's last days, and everything that can become of one: as the jobs would have sent them, with the
platform's answers made up.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.flows import outreach
from app.flows.outreach import Outgoing
from app.kernel import clock
from app.kernel.db import atomic
from app.outreach.messages import coupon_reminders, deliveries
from app.wechat.client.rules import Outcome
from app.wechat.mini import SendResult

DAYS = 6
_LATER = timedelta(minutes=10)  # by then a worker that says nothing is taken for dead
_MOST = 500
# What the platform says to the first ones; None: the worker dies with the message in its hands. Later ones are sent.
ANSWERS: Sequence[SendResult | None] = (
    SendResult(Outcome.SENT, message_id="demo-message-1"),
    SendResult(Outcome.UNKNOWN),
    SendResult(Outcome.REFUSED, 43101),
    SendResult(Outcome.INVALID, 47003),
    SendResult(Outcome.RETRY, -1),
    None,
)


def send_reminders(*, end: datetime) -> None:
    """Plan and send the reminders of the days before `end`, each morning at ten."""
    answered = 0
    for day in range(DAYS, 0, -1):
        at = clock.start_of_day(clock.business_date(end - timedelta(days=day))) + timedelta(hours=10)
        answered = _send_a_morning(at, answered)


def _send_a_morning(at: datetime, answered: int) -> int:
    with clock.freeze(at):
        with atomic():
            coupon_reminders.plan_batch(now=at, limit=_MOST)
        for moment in (at, at + _LATER):
            with atomic():
                deliveries.give_up_silent(now=moment, limit=_MOST)
                claimed, _ = outreach.claim_subscribe_messages(now=moment, limit=_MOST)
            for outgoing in claimed:
                _answer(outgoing, answered, moment)
                answered += 1
    return answered


def _answer(outgoing: Outgoing, number: int, now: datetime) -> None:
    sent = SendResult(Outcome.SENT, message_id=f"demo-message-{number + 1}")
    answer = ANSWERS[number] if number < len(ANSWERS) else sent
    if answer is not None:
        with atomic():
            outreach.record_sending(outgoing.claim, answer, now=now)
