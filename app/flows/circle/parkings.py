"""Cars that WeChat Pay could not be told of: people are asked once a day and mall, because a setting may be wrong.

Once it is right they are told again, for what they are worth: who was on site then, and when they left.
"""

from datetime import date, datetime, timedelta

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.circle import parkings
from app.circle.parkings import Lost


def _tell_again(case: Case, *, by: Actor, now: datetime) -> None:
    parkings.tell_again(*_mall_and_day(case), now=now)


def _let_be(case: Case, *, by: Actor, now: datetime) -> None:
    parkings.let_be(*_mall_and_day(case), now=now)


def _mall_and_day(case: Case) -> tuple[int, date]:
    _, mall_id, day = case.subject.split(":")
    return int(mall_id), date.fromisoformat(day)


PARKINGS_LOST = CaseKind(
    code="circle_parkings_lost",
    role=Role.OPERATIONS,
    within=timedelta(days=2),
    outcomes={"try_again": _tell_again, "looked_at": _let_be},
)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about malls and days with cars that were given up; returns how many were new."""
    found = {f"circle_parkings:{one.mall_id}:{one.day}": one for one in parkings.list_lost()}
    new = sorted(found.keys() - case_queries.list_open_subjects(PARKINGS_LOST.code))
    return sum(_ask(subject, found[subject], now=now) for subject in new[:limit])


def _ask(subject: str, lost: Lost, *, now: datetime) -> bool:
    return cases.raise_case(
        PARKINGS_LOST,
        subject,
        mall_id=lost.mall_id,
        reason="given_up",
        facts={"day": lost.day.isoformat(), "cars": lost.cars, "error": lost.error},
        evidence=[f"member:{lost.member_id}"],
        now=now,
    )
