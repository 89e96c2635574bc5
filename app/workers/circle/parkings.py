"""Telling WeChat Pay of cars of who authorised the circle."""

from functools import partial

from app.circle import parkings
from app.circle.models import Way
from app.circle.parkings import Passage
from app.flows.circle import standing
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.errors import WeChatError
from app.wechat.pay.circle_client import CircleClient, Said
from app.workers import batches


def tell_due_parkings(client: CircleClient, *, limit: int = batches.LIMIT) -> int:
    """Tell of one batch of cars; returns how many were tried. Who has taken the authorisation back is left alone."""
    return batches.work_off(parkings.claim, partial(_tell, client), parkings.postpone, limit=limit)


def _tell(client: CircleClient, passage: Passage) -> None:
    seat = passage.seat
    try:
        client.tell_parking(
            seat.mchid,
            seat.brand_id,
            seat.openid,
            plate=passage.plate,
            is_in=passage.way is Way.IN,
            at=passage.at,
        )
    except WeChatError:
        if _is_on(client, passage):
            raise
    with atomic():
        parkings.finish(passage, now=clock.now())


def _is_on(client: CircleClient, passage: Passage) -> bool:
    """Whether they still authorise it; nobody tells us when they do not."""
    seat = passage.seat
    said = client.ask_authorisation(seat.mchid, seat.openid)
    with atomic():
        standing.note_answer(seat.member_id, seat.mchid, seat.openid, said, now=clock.now())
    return said is Said.ON
