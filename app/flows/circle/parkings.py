"""Cars that WeChat Pay could not be told of: people are asked once a day and mall, because a setting may be wrong."""

from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.circle import parkings
from app.circle.models import CircleParking
from app.kernel import clock

PARKINGS_LOST = CaseKind(
    code="circle_parkings_lost",
    role=Role.OPERATIONS,
    within=timedelta(days=2),
    # Who was on site then is of no use now: nothing is sent again.
    outcomes={"looked_at": None},
)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about malls and days with cars that were given up; returns how many were new."""
    found: dict[str, list[CircleParking]] = {}
    for row in parkings.list_dead(limit=limit):
        found.setdefault(f"circle_parkings:{row.mall_id}:{clock.business_date(row.passed_at)}", []).append(row)
    new = found.keys() - case_queries.list_known(PARKINGS_LOST.code, found.keys())
    return sum(_ask(subject, found[subject], now=now) for subject in sorted(new))


def _ask(subject: str, rows: list[CircleParking], *, now: datetime) -> bool:
    first = rows[0]
    day = clock.business_date(first.passed_at).isoformat()
    return cases.raise_case(
        PARKINGS_LOST,
        subject,
        mall_id=first.mall_id,
        reason="given_up",
        facts={"day": day, "cars": len(rows), "error": first.last_error or ""},
        evidence=[f"member:{first.member_id}"],
        now=now,
    )
