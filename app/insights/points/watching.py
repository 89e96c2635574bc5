"""Watching the redemption rate of each mall: outside of the band people are asked, back in it the question settles."""

from datetime import date, datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases.kinds import CaseKind
from app.insights.points import queries, rules
from app.insights.points.rules import Rate
from app.malls import queries as malls

POINTS_RATE = CaseKind(
    code="points_rate",
    role=Role.OPERATIONS,
    within=timedelta(days=7),
    outcomes={"changed": None, "accepted": None},
)


def watch(*, today: date, now: datetime) -> int:
    """Ask about every mall whose rate has left the band; returns how many were new."""
    return sum(_watch(mall.id, today=today, now=now) for mall in malls.list_malls())


def rate_of(mall_id: int | None, *, last: date) -> Rate | None:
    """The rate of the year that ends with the day, or of as much of it as is counted; None before anything is."""
    span = queries.find_span(mall_id)
    if span is None:
        return None
    first = max(last - timedelta(days=rules.RATE_DAYS - 1), span[0])
    return rules.rate_of(queries.by_way(mall_id, first=first, last=last), first=first, last=last)


def _watch(mall_id: int, *, today: date, now: datetime) -> bool:
    rate, subject = rate_of(mall_id, last=today - timedelta(days=1)), f"points_rate:{mall_id}"
    if rate is None or rate.bps is None or not rate.is_outside:
        cases.settle_itself(POINTS_RATE, subject, now=now)
        return False
    return cases.raise_case(
        POINTS_RATE,
        subject,
        mall_id=mall_id,
        reason="below" if rate.bps < rules.BAND_BPS[0] else "above",
        facts={
            "first": str(rate.first),
            "last": str(rate.last),
            "percent": f"{rate.bps / 100:.1f}",
            "issued": f"{rate.issued:,}",
            "spent": f"{rate.spent:,}",
        },
        now=now,
    )
