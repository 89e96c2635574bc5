"""A statement's life: pure rules."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.kernel import clock
from app.kernel.spelling import names
from app.settlement.statements.errors import MonthNotOver, ReasonMissing, StatementTransition
from app.settlement.statements.models import StatementStatus

TRANSITIONS: Mapping[StatementStatus, frozenset[StatementStatus]] = MappingProxyType(
    {
        StatementStatus.ISSUED: frozenset({StatementStatus.CONFIRMED, StatementStatus.DISPUTED}),
        StatementStatus.DISPUTED: frozenset({StatementStatus.CONFIRMED}),
        StatementStatus.CONFIRMED: frozenset({StatementStatus.PAID}),
        StatementStatus.PAID: frozenset(),
    }
)


def ensure_over(period: date, *, today: date) -> None:
    """Raises MonthNotOver while the month that begins on `period` still has a day left."""
    if period != clock.first_of_month(period):
        raise ValueError("a period is named by the first day of its month")
    if today < clock.first_of_next_month(period):
        raise MonthNotOver(period=period, today=today)


def ensure_transition(status: StatementStatus, wanted: StatementStatus) -> None:
    """Raises StatementTransition when the step is not in TRANSITIONS."""
    if wanted not in TRANSITIONS[status]:
        raise StatementTransition(status=status.value, wanted=wanted.value)


def ensure_disputed(status: StatementStatus) -> None:
    """Raises StatementTransition when there is no dispute to answer."""
    if status != StatementStatus.DISPUTED:
        raise StatementTransition(status=status.value, wanted="answered")


def worded(text: str, *, field: str) -> str:
    """The text as free words are spelled, on its lines; raises ReasonMissing when nothing is left."""
    spelled = names.spell_lines(text)
    if not spelled:
        raise ReasonMissing(field=field)
    return spelled


def numbered(text: str, *, field: str) -> str:
    """The number of a voucher or invoice on one line; raises ReasonMissing when nothing is left."""
    return names.spell_text(worded(text, field=field))
