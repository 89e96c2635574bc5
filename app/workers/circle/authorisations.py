"""Asking WeChat Pay who still lets the circle know of their payments: it tells of nobody who takes that back."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from app.circle import authorisations
from app.circle.models import State
from app.flows.circle import standing
from app.flows.circle.standing import Standing
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import PlatformUnavailable
from app.wechat.errors import WeChatError
from app.wechat.pay.circle_client import CircleClient

logger = logging.getLogger(__name__)

CHECKED_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Looked:
    """How somebody stands now, and whether they have payments to hand in: None when the platform did not say."""

    state: State | None
    has_to_submit: bool | None


def look(client: CircleClient, known: Standing) -> Looked:
    """Ask about somebody who looks at it; what is known counts while the platform does not answer."""
    if known.openid is None:
        return Looked(known.state, None)
    try:
        said = client.ask_authorisation(known.mchid, known.openid)
        with atomic():
            state = standing.note_answer(known.member_id, known.mchid, known.openid, said, now=clock.now())
        if state is not State.ON or known.brand_id is None:
            return Looked(state, None)
        return Looked(state, client.has_to_submit(known.mchid, known.brand_id, known.openid))
    except (WeChatError, PlatformUnavailable) as refusal:
        logger.warning("circle not asked", extra={"reason": refusal.code})
        return Looked(known.state, None)


def check_old(client: CircleClient, *, limit: int) -> int:
    """Ask about those of whom nothing was heard for a week, the longest first; returns how many."""
    with atomic():
        found = [
            (row.member_id, row.mchid, row.openid)
            for row in authorisations.list_unheard(before=clock.now() - CHECKED_EVERY, limit=limit)
        ]
    for member_id, mchid, openid in found:
        said = client.ask_authorisation(mchid, openid)
        with atomic():
            standing.note_answer(member_id, mchid, openid, said, now=clock.now())
    return len(found)
