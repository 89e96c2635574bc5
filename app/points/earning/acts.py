"""What acts other than buying earn: a visit, sharing, a plate, a whole profile, an adviser. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MOST_A_DAY = 50


class ActKind(StrEnum):
    """An act that earns points."""

    VISIT = "visit"  # in the mall on a day: passed the gate, bought, used a coupon or paid for parking
    SHARE = "share"  # shared a page of the mini-program, each page once a day
    PLATE = "plate"  # bound a plate, once
    PROFILE = "profile"  # told everything that is asked of them, once
    ADVISER = "adviser"  # added an adviser, once
    INVITATION = "invitation"  # brought a friend who came or bought; credited by itself, when the waiting days are over


# These earn once in all, the others by the day.
ONCE = frozenset({ActKind.PLATE, ActKind.PROFILE, ActKind.ADVISER})


class Step(NamedTuple):
    """On the `nth` day of a calendar month on which the act is done, `points` on top; of invitations the nth friend."""

    nth: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRule:
    """An act earns `points` each time, at most `a_day` times a day, and more as it is done on more days of a month."""

    kind: ActKind
    points: int
    a_day: int = 1
    steps: Sequence[Step] = ()

    def earned(self, *, times: int, nth: int) -> "Done":
        """What so many times on the nth day of the month earn."""
        counted = min(times, self.a_day)
        reached = [step.points for step in self.steps if step.nth == nth]
        return Done(self.kind, counted, nth, self.points * counted, sum(reached))

    def is_sensible(self) -> bool:
        """Whether it gives anything, in proportion, and each step once, in order."""
        numbers = [step.nth for step in self.steps]
        has_steps = numbers == sorted(set(numbers)) and all(1 <= nth <= 31 for nth in numbers)
        amounts = [self.points, *(step.points for step in self.steps)]
        gives = all(0 <= points <= 1_000_000 for points in amounts) and any(amounts)
        return gives and has_steps and 1 <= self.a_day <= MOST_A_DAY


class Done(NamedTuple):
    """An act of a day: how often it counted, on which day of the month that was, its points and those on top."""

    kind: ActKind
    times: int
    nth: int
    points: int
    step_points: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.points + self.step_points
