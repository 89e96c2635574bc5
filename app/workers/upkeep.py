"""What comes with time: what served it is forgotten, as packages say, months are made, planned changes take hold."""

from collections.abc import Callable
from datetime import datetime

from app.access import audit
from app.access.scopes import Place
from app.behaviour import months
from app.benefits.campaigns import revisions
from app.identity import member_search
from app.kernel import clock, discovery
from app.kernel.db import atomic

_SWEEPS: dict[str, Callable[..., int]] = discovery.merged("SWEEPS", named="sweeps", below=["app"])


def sweep() -> dict[str, int]:
    """Run every sweep in a transaction of its own; returns how many rows each forgot."""
    now = clock.now()
    return {name: _swept(forget, now) for name, forget in _SWEEPS.items()}


def _swept(forget: Callable[..., int], now: datetime) -> int:
    with atomic():
        return forget(now=now)


def make_months() -> int:
    """Make what is missing of this month and those ahead, each in a transaction of its own; returns how many."""
    with atomic():
        missing = months.list_missing(now=clock.now())
    for month in missing:
        with atomic():
            months.make(month)
    return len(missing)


def drop_months(*, kept: int) -> int:
    """Drop the months that are over by more than `kept`, the present one among these; returns how many."""
    now = clock.now()
    with atomic():
        over = months.list_over(kept=kept, now=now)
    for month in over:
        with atomic():
            months.drop(month)
    with atomic():
        months.forget_rest(kept=kept, now=now)
    return len(over)


def index_names(*, limit: int) -> int:
    """Let names be found that were kept before there was an index for them; returns how many."""
    with atomic():
        return member_search.index_names(limit=limit)


def take_over_revisions(*, limit: int) -> int:
    """Take over the changes that have begun, each in a transaction of its own; returns how many."""
    with atomic():
        due = revisions.list_due(now=clock.now(), limit=limit)
    return sum(_take_over(campaign_id) for campaign_id in due)


def _take_over(campaign_id: int) -> bool:
    now = clock.now()
    with atomic():
        campaign = revisions.take_over(campaign_id, now=now)
        if campaign is None:
            return False
        place = Place(mall_id=campaign.mall_id)
        facts = {"version": campaign.version}
        subject = f"campaign:{campaign.id}"
        audit.record(audit.SYSTEM, action="campaign.revise", subject=subject, now=now, facts=facts, place=place)
    return True
