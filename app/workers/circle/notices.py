"""Notices of WeChat Pay's business circle are acted on, the oldest first."""

from functools import partial

from app.flows.circle import acting
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.pay.circle_notices import PLATFORM, Kind
from app.wechat.pay.circle_points import CirclePoints
from app.wechat.pay.pay import PayGateway
from app.workers import batches


def take_in_due_notices(pay: PayGateway, *, limit: int = batches.LIMIT) -> int:
    """Act on one batch of kept notices; returns how many were tried. Each thing they tell of happens once.

    A payment is dealt with when the platform has been told what it earned: it tells of refunds only then.
    """
    return batches.work_off(partial(inbox.claim, PLATFORM), partial(_take_in, pay), inbox.postpone, limit=limit)


def _take_in(pay: PayGateway, event: TakenEvent) -> None:
    if event.kind == Kind.PAID:
        _take_payment(pay, event)
        return
    member_id = _recognise(event) if event.kind == Kind.AUTHORISED else 0
    with atomic():
        note = ""
        if event.kind == Kind.AUTHORISED:
            acting.take_authorisation(event, member_id, now=clock.now())
        else:
            note = acting.take_refund(event, now=clock.now())
        inbox.finish(event, note=note, now=clock.now())


def _recognise(event: TakenEvent) -> int:
    """Whoever it is about, in a transaction of its own: a merchant's turn comes before any member's lock."""
    with atomic():
        return acting.recognise(event, now=clock.now())


def _take_payment(pay: PayGateway, event: TakenEvent) -> None:
    """Recorded again, because the platform was not reached or more is known now, it is as it stands."""
    member_id = _recognise(event)
    with atomic():
        note = acting.take_payment(event, member_id, now=clock.now())
        points = acting.find_points(event, member_id)
    said = event.payload
    pay.tell_points(
        CirclePoints(
            mchid=said["mchid"],
            transaction_id=said["transaction_id"],
            appid=said["appid"],
            openid=said["openid"],
            points=max(points, 0),
            at=clock.now(),
        )
    )
    with atomic():
        # Who found the buyer or the shop meanwhile is waited for: what it earned is not what was told.
        inbox.lock(event)
        if acting.find_points(event, member_id) == points:
            inbox.finish(event, note=note, now=clock.now())
        else:
            inbox.act_again(PLATFORM, [event.fact], now=clock.now())
