"""How much one may be given by hand, and by one person: pure rules."""

from dataclasses import dataclass
from datetime import timedelta

from app.care.errors import CareLimitReached

# For which reasons something is given or corrected; the words are the edges'.
REASONS = ("complaint", "missing", "mistake", "care")
MOST_POINTS = 5_000  # at once by one person
MOST_ASKED_POINTS = 100_000  # at once, when a second person agrees
# Reasons for which points are given away; the others put right what the member had coming.
GOODWILL = ("complaint", "care")
PER_MEMBER = timedelta(days=30)
PER_PERSON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many coupons, and how many points given or taken, within a span."""

    coupons: int
    points: int


MEMBER_LIMITS = Limits(coupons=3, points=10_000)  # in 30 days
PERSON_LIMITS = Limits(coupons=30, points=50_000)  # in a day


@dataclass(frozen=True, slots=True)
class Done:
    """What was done within a span already; points given and taken count alike."""

    coupons: int = 0
    points: int = 0

    def plus(self, coupons: int, points: int) -> "Done":
        """With what was done besides."""
        return Done(self.coupons + coupons, self.points + points)


def ensure_coupon_within(*, for_member: Done, by_person: Done) -> None:
    """Whether one more coupon may be given; raises CareLimitReached (facts of whom, limit)."""
    for whose, done, limits in (("member", for_member, MEMBER_LIMITS), ("person", by_person, PERSON_LIMITS)):
        if done.coupons >= limits.coupons:
            raise CareLimitReached(whose=whose, limit=limits.coupons)


def find_over(points: int, *, for_member: Done, by_person: Done) -> str | None:
    """Which limit of one person so many points given or taken are over: `once`, `member` or `person`; None for none."""
    if abs(points) > MOST_POINTS:
        return "once"
    if for_member.points + abs(points) > MEMBER_LIMITS.points:
        return "member"
    return "person" if by_person.points + abs(points) > PERSON_LIMITS.points else None
