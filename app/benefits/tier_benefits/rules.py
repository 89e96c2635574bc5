"""What a tier gives, and which of it is due on a day. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

_ANY_TIER = "any"


class Rhythm(StrEnum):
    """How often an allowance comes back; weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    BIRTHDAY = "birthday"  # once a year, in the month of the member's birthday


class Priority(StrEnum):
    """What staff do for members of a tier first."""

    QUEUE = "queue"
    ACTIVITIES = "activities"
    ADVISER = "adviser"
    LOUNGE = "lounge"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many coupons of a campaign (its public id) in every period."""

    campaign: str
    rhythm: Rhythm
    number: int = 1


@dataclass(frozen=True, slots=True)
class StoreDiscount:
    """What members pay in a store (its code): 9,500 is 5 % off."""

    store: str
    price_bps: int


@dataclass(frozen=True, slots=True)
class TierGives:
    """All that a tier gives in a mall; `parking_minutes` are free on every stay in its car parks, once a stay."""

    allowances: Sequence[Allowance] = ()
    discounts: Sequence[StoreDiscount] = ()
    priorities: Sequence[Priority] = ()
    parking_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Benefits:
    """What every tier gives, by its code; a tier that is missing gives nothing."""

    by_tier: Mapping[str, TierGives] = field(default_factory=dict)

    def of(self, tier: str) -> TierGives:
        """What one tier gives."""
        return self.by_tier.get(tier, TierGives())

    @property
    def has_allowances(self) -> bool:
        """Whether any tier gives coupons."""
        return any(one.allowances for one in self.by_tier.values())

    @property
    def has_free_parking(self) -> bool:
        """Whether any tier makes stays cheaper."""
        return any(one.parking_minutes for one in self.by_tier.values())


@dataclass(frozen=True, slots=True)
class Due:
    """A coupon that is due: what names it, whatever else is given; of which campaign, and by which trigger."""

    key: str
    campaign: str
    trigger: str


def list_due(tier: str, gives: TierGives, *, on: date, birth_month: int | None) -> list[Due]:
    """What a member of a tier is due for the periods that a day lies in."""
    return [due for one in gives.allowances for due in _due(tier, one, on=on, birth_month=birth_month)]


def _due(tier: str, allowance: Allowance, *, on: date, birth_month: int | None) -> Iterator[Due]:
    if allowance.rhythm is Rhythm.BIRTHDAY and birth_month != on.month:
        return
    # A birthday comes once a year, whichever tiers one climbs in its month.
    given_to = _ANY_TIER if allowance.rhythm is Rhythm.BIRTHDAY else tier
    for number in range(1, allowance.number + 1):
        key = f"{given_to}:{allowance.rhythm.value}:{period_of(allowance.rhythm, on)}:{allowance.campaign}:{number}"
        yield Due(key, allowance.campaign, trigger_of(tier, allowance.rhythm))


def period_of(rhythm: Rhythm, on: date) -> str:
    """The name of the period that a day lies in."""
    match rhythm:
        case Rhythm.WEEK:
            year, week, _ = on.isocalendar()
            return f"{year}-W{week:02}"
        case Rhythm.MONTH:
            return f"{on:%Y-%m}"
    return str(on.year)


def is_current(key: str, on: date) -> bool:
    """Whether a day lies in the period of what was given, as `Due.key` names it."""
    _, rhythm, period, *_ = key.split(":")
    return period == period_of(Rhythm(rhythm), on)


def whose(key: str) -> str:
    """The tier that gave it, or what stands for all of them."""
    return key.partition(":")[0]


def periods_a_year(rhythm: Rhythm) -> int:
    """How often it comes round in a year."""
    return {Rhythm.WEEK: 52, Rhythm.MONTH: 12}.get(rhythm, 1)


def trigger_of(tier: str, rhythm: Rhythm) -> str:
    """What gave a coupon, as the coupon keeps it."""
    return f"tier:{tier}:{rhythm.value}"
