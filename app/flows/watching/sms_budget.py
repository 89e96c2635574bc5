"""The day's budget of codes by SMS: people are told when it nears its end, and when it is spent."""

from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.kernel import clock
from app.malls import queries as malls
from app.verification.sms_limits import Spent

SMS_BUDGET = CaseKind(
    code="sms_budget",
    role=Role.OPERATIONS,
    within=timedelta(hours=4),
    outcomes={"raised": None, "abuse": None, "busy_day": None},
)


def note(spent: Spent, *, now: datetime) -> None:
    """Raise the alarm once a day when most is spent, and once when all is. An account is the group's, not a mall's."""
    if not spent.is_near:
        return
    day, reason = clock.business_date(now), "spent" if spent.is_over else "near"
    subject = f"sms_budget:{day}-{reason}"
    if case_queries.list_known(SMS_BUDGET.code, [subject]):
        return
    cases.raise_case(
        SMS_BUDGET,
        subject,
        mall_id=malls.list_malls()[0].id,
        reason=reason,
        facts={"day": str(day), "count": spent.count, "budget": spent.budget},
        now=now,
    )
