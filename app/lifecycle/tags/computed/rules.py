"""Which tags there are, and the thresholds they hang on: data with first days; the code holds those that stand first.

A tag rests on what somebody did in a window of days that ends with the day it is worked out for. What is older counts
for less: by half after every half-life. A tag's weight says how much of what they did speaks for it, and falls with
time when nothing new comes.
"""

from dataclasses import dataclass
from enum import StrEnum


class TagKind(StrEnum):
    """What a tag is about; the values that it can have stand beside it."""

    CATEGORY = "category"  # a category of stores
    BRAND = "brand"  # a merchant's id
    PRICE = "price"  # `Price`
    FREQUENCY = "frequency"  # `FREQUENT`
    WEEK = "week"  # `Week`
    HOURS = "hours"  # `Hours`
    STAY = "stay"  # `Stay`
    PARKING = "parking"  # `DRIVES`
    ZONE = "zone"  # a mall's id and a floor: "3:F2"
    FAMILY = "family"  # `CHILDREN`
    BROWSING = "browsing"  # `Browsing`
    SHARING = "sharing"  # `SHARES`


class Price(StrEnum):
    """How much of what they would have paid was spared by coupons."""

    SENSITIVE = "sensitive"
    FULL = "full"


class Week(StrEnum):
    """On which days they come."""

    WORKDAY = "workday"
    WEEKEND = "weekend"


class Hours(StrEnum):
    """When in the day they come, by the hour of the mall's clock at which each part begins."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


# Up to which hour, that one excluded, each part of the day lasts; night lasts until morning begins at six.
HOURS_END = {Hours.MORNING: 11, Hours.NOON: 14, Hours.AFTERNOON: 17, Hours.EVENING: 21}
MORNING_FROM = 6


class Stay(StrEnum):
    """How long the car stays."""

    SHORT = "short"
    LONG = "long"


class Browsing(StrEnum):
    """How they use the mini-program."""

    OFTEN = "often"
    DEEP = "deep"


FREQUENT, DRIVES, CHILDREN, SHARES = "frequent", "drives", "children", "shares"
CHILDREN_CATEGORY = "kids"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers behind tags; `_bps` are shares of what was counted, weighed by age."""

    window_days: int = 180  # so many days are looked at
    half_life_days: int = 60  # after so many days something counts half
    least_purchases: int = 3  # who bought less often has no tag of purchases
    least_visits: int = 3  # who came, parked or browsed on fewer days has no tag of that
    least_weight_bps: int = 1_500  # what weighs less is dropped
    category_bps: int = 3_000  # a category: of purchases
    brand_bps: int = 2_500  # a brand: of purchases
    zone_bps: int = 4_000  # a floor: of purchases
    price_sensitive_bps: int = 600  # sensitive: so much was spared, or more
    price_full_bps: int = 100  # pays in full: so much was spared, or less
    frequent_visits: int = 12  # comes often: on so many days
    week_bps: int = 7_000  # working days or weekends: of days with a visit
    hours_bps: int = 5_000  # a part of the day: of days with a visit
    long_stay_minutes: int = 180  # stays long: on average
    short_stay_minutes: int = 60  # stays briefly: on average
    parking_bps: int = 5_000  # comes by car: of days with a visit
    family_purchases: int = 2  # has children: purchases for them
    browsed_days: int = 6  # browses often: on so many days
    browsed_pages: int = 8  # reads much: pages a day on which they browse
    least_shares: int = 2  # shares: so often


DEFAULT = Thresholds()


def tag_code(kind: str, value: str) -> str:
    """A tag as addresses and forms have it."""
    return f"{kind}:{value}"


def read_code(code: str) -> tuple[str, str]:
    """Kind and value of a code that `tag_code` made."""
    kind, _, value = code.partition(":")
    return kind, value


def find_flaws(thresholds: Thresholds) -> dict[str, str]:
    """The names of numbers that do not fit together, each with why; empty when all fit."""
    one = thresholds
    holds = {
        "half_life_days": (1 <= one.half_life_days <= one.window_days, "half_life"),
        "price_full_bps": (one.price_full_bps < one.price_sensitive_bps, "price"),
        "short_stay_minutes": (one.short_stay_minutes < one.long_stay_minutes, "stay"),
        "frequent_visits": (one.least_visits <= one.frequent_visits <= one.window_days, "frequent"),
    }
    return {name: why for name, (is_so, why) in holds.items() if not is_so}
