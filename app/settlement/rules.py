"""What amounts are: pure functions of the contract's terms. Sign: positive = the mall owes the merchant."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.kernel import clock, money
from app.settlement.errors import MonthNotOver, ReasonMissing, StatementTransition, TermsInvalid
from app.settlement.models import StatementStatus

POINTS_PER_PRICE = 100

TRANSITIONS: Mapping[StatementStatus, frozenset[StatementStatus]] = MappingProxyType(
    {
        StatementStatus.ISSUED: frozenset({StatementStatus.CONFIRMED, StatementStatus.DISPUTED}),
        StatementStatus.DISPUTED: frozenset({StatementStatus.CONFIRMED}),
        StatementStatus.CONFIRMED: frozenset({StatementStatus.PAID}),
        StatementStatus.PAID: frozenset(),
    }
)


def commission_fen(base_fen: int, rate_bps: int) -> int:
    """What a purchase of `base_fen` owes the mall: negative for a purchase, positive for a refund."""
    return -money.share_of(base_fen, rate_bps)


def points_fen(points: int, price_fen: int) -> int:
    """What points are worth at a price in fen per 100 points; the sign is that of the points."""
    return money.divide(points * price_fen, POINTS_PER_PRICE)


def ensure_terms(*, commission_bps: int, issue_price_fen: int, redeem_price_fen: int) -> None:
    """Raises TermsInvalid for a commission outside 0-10000 bps or a negative price."""
    if not 0 <= commission_bps <= money.BPS:
        raise TermsInvalid(field="commission_bps")
    if issue_price_fen < 0:
        raise TermsInvalid(field="issue_price_fen")
    if redeem_price_fen < 0:
        raise TermsInvalid(field="redeem_price_fen")


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
    """The text without surrounding blanks; raises ReasonMissing when nothing is left."""
    stripped = text.strip()
    if not stripped:
        raise ReasonMissing(field=field)
    return stripped
