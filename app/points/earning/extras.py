"""What may add to the points of a purchase, each with the share of the base that it adds and who pays for it."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar


class Payer(StrEnum):
    """Who pays for points: the merchant of the store by contract, the mall, or a brand that agreed to, by its own."""

    MERCHANT = "merchant"
    MALL = "mall"
    BRAND = "brand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A purchase as its points see it: where, by whom, as of its business day.

    `birthday` is the day on which it is kept in that year; `segments` are public ids, as of the last night.
    """

    amount_fen: int
    store_code: str
    category_code: str
    tier_code: str | None = None
    birthday: date | None = None
    is_first: bool = False
    segments: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra(ABC):
    """Adds `bps` of the base where it applies; `brand` is the code of the merchant who pays, where a brand does."""

    kind: ClassVar[str]
    bps: int
    payer: Payer = Payer.MALL
    brand: str = ""

    @abstractmethod
    def applies(self, spending: Spending, day: date) -> bool:
        """Whether it adds to a purchase of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierExtra(Extra):
    """For members who stand on a tier that day."""

    kind = "tier"
    tier: str
    title: str = field(compare=False)

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether the member stands there."""
        return spending.tier_code == self.tier


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayExtra(Extra):
    """On the member's birthday, or in its whole month."""

    kind = "birthday"
    whole_month: bool = False

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether it is the day, or the month."""
        birthday = spending.birthday
        if birthday is None:
            return False
        return birthday.month == day.month and (self.whole_month or birthday.day == day.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDayExtra(Extra):
    """On some days of each week (1 is Monday) or month."""

    kind = "member_day"
    weekdays: Collection[int] = ()
    month_days: Collection[int] = ()

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether it is one of them."""
        return day.isoweekday() in self.weekdays or day.day in self.month_days


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOrderExtra(Extra):
    """On a member's first purchase."""

    kind = "first_order"

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether it is the first."""
        return spending.is_first


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignExtra(Extra):
    """From one day to another, both included, in some categories and stores; without any, everywhere."""

    kind = "campaign"
    title: str
    first_day: date
    last_day: date
    categories: Collection[str] = ()
    stores: Collection[str] = ()

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether it is on, and holds there."""
        is_everywhere = not self.categories and not self.stores
        is_there = spending.category_code in self.categories or spending.store_code in self.stores
        return self.first_day <= day <= self.last_day and (is_everywhere or is_there)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentExtra(Extra):
    """For members whom the last night found in a segment."""

    kind = "segment"
    segment: str
    title: str = field(compare=False)

    def applies(self, spending: Spending, day: date) -> bool:
        """Whether the member is in it."""
        return self.segment in spending.segments


KINDS: dict[str, type[Extra]] = {
    one.kind: one for one in (TierExtra, BirthdayExtra, MemberDayExtra, FirstOrderExtra, CampaignExtra, SegmentExtra)
}
