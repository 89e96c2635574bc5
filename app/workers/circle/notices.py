"""Notices of WeChat Pay's business circle are acted on, the oldest first."""

from functools import partial

from app.flows.circle import acting
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.pay.circle_notices import PLATFORM, Kind
from app.workers import batches


def take_in_due_notices(*, limit: int = batches.LIMIT) -> int:
    """Act on one batch of kept notices; returns how many were tried. Each thing they tell of happens once."""
    return batches.work_off(partial(inbox.claim, PLATFORM), _take_in, inbox.postpone, limit=limit)


def _take_in(event: TakenEvent) -> None:
    """Whoever paid is recognised first, by themselves: a merchant's turn comes before any member's lock."""
    member_id = 0
    if event.kind != Kind.REFUNDED:
        with atomic():
            member_id = acting.recognise(event, now=clock.now())
    with atomic():
        note = _act(event, member_id)
        inbox.finish(event, note=note, now=clock.now())


def _act(event: TakenEvent, member_id: int) -> str:
    now = clock.now()
    if event.kind == Kind.AUTHORISED:
        acting.take_authorisation(event, member_id, now=now)
        return ""
    if event.kind == Kind.PAID:
        return acting.take_payment(event, member_id, now=now)
    return acting.take_refund(event, now=now)
