"""What predictions are made of, and the plain reason for one: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Parameters = TypeVar("Parameters")

HORIZON_DAYS = 90
LEAST_BUYERS = 30
LEAST_REPEAT_BUYERS = 10
_LATE, _LONG = 1.5, 3.0  # so many usual gaps without a purchase are late, and a long silence
_FRESH_DAYS = 30  # who bought once so lately has had little time to come again


class Group(NamedTuple):
    """Members who are alike: days with purchases after the first, and days from the first to the last and to today."""

    repeats: int
    last_day: int
    days: int
    members: int


class Spending(NamedTuple):
    """Members who are alike: on how many days they paid, how much on average (fen, above 0), how many they are."""

    paying_days: int
    mean_fen: float
    members: int


class Forecast(NamedTuple):
    """Of each member of a group: probabilities of still coming and of buying in the horizon, purchases to expect."""

    alive: float
    returning: float
    purchases: float


@dataclass(frozen=True, slots=True)
class Buying:
    """Parameters of BG/NBD, time in weeks; `from_first`: a member may stop after the first purchase already."""

    r: float
    alpha: float
    a: float
    b: float
    from_first: bool = False


@dataclass(frozen=True, slots=True)
class Amounts:
    """Parameters of Gamma-Gamma, gamma in fen."""

    p: float
    q: float
    gamma: float


# Nobody's amounts tell anything of anybody else's: a member is expected to spend their own average.
OWN_AVERAGE = Amounts(1.0, 1.0, 0.0)


class Obstacle(StrEnum):
    """Why there are no new parameters."""

    TOO_FEW = "too_few"  # buyers, or buyers who came again
    NO_MAXIMUM = "no_maximum"  # the search ended where the likelihood still rises, or where no mean exists


@dataclass(frozen=True, slots=True)
class Fitted(Generic[Parameters]):
    """New parameters with their log likelihood, or why there are none."""

    parameters: Parameters | None
    log_likelihood: float | None
    obstacle: Obstacle | None


class Why(StrEnum):
    """What a prediction rests on, in plain words."""

    JUST_STARTED = "just_started"  # bought once, lately
    NEVER_AGAIN = "never_again"  # bought once, and not again since
    IN_RHYTHM = "in_rhythm"  # comes as usual
    LATE = "late"  # longer away than usual
    LONG_SILENCE = "long_silence"  # several usual gaps away


def usual_gap(repeats: int, last_day: int) -> int | None:
    """Days between two purchases of a member, rounded; None while there was no second one."""
    return max(1, round(last_day / repeats)) if repeats else None


def explain(repeats: int, last_day: int, days: int) -> Why:
    """Why a member is expected to come, or not to."""
    silence, gap = days - last_day, usual_gap(repeats, last_day)
    if gap is None:
        return Why.JUST_STARTED if silence <= _FRESH_DAYS else Why.NEVER_AGAIN
    if silence <= gap * _LATE:
        return Why.IN_RHYTHM
    return Why.LATE if silence <= gap * _LONG else Why.LONG_SILENCE


def are_enough(groups: Sequence[Group]) -> bool:
    """Whether so many bought, and again, that their parameters say something."""
    buyers = sum(group.members for group in groups)
    again = sum(group.members for group in groups if group.repeats)
    return buyers >= LEAST_BUYERS and again >= LEAST_REPEAT_BUYERS


def percent_bps(probability: float) -> int:
    """Basis points to the percent: none of these is sharper than that, and a row that stays the same is not written."""
    return round(probability * 100) * 100
