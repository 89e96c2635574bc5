"""What a kept back-test says: how near what was expected came to what happened. Pure.

Shares are in thousandths, as they are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel import money
from app.lifecycle.predictions.rules import Amounts, Buying

_WHOLE = 1_000
BANDS = 10  # of the probability of buying; the first is below 10 %
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Some members: how many were expected to buy and did, on how many days, for how much. `first` is their band."""

    first: int
    members: int
    returned_expected: float
    returned: int
    purchases_expected: float
    purchases: int
    spend_expected_fen: int
    spend_fen: int

    @property
    def expected_permille(self) -> int:
        """The share that was expected to buy."""
        return round(self.returned_expected * _WHOLE / self.members) if self.members else 0

    @property
    def actual_permille(self) -> int:
        """The share that did."""
        return money.divide(self.returned * _WHOLE, self.members) if self.members else 0

    @property
    def off_permille(self) -> int:
        """By how much more bought than was expected, between both as they are shown."""
        return self.actual_permille - self.expected_permille

    @property
    def spend_permille(self) -> int | None:
        """The part of the expected spend that came; None where nothing was expected."""
        return money.divide(self.spend_fen * _WHOLE, self.spend_expected_fen) if self.spend_expected_fen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A back-test: what was known until a day, compared with what happened from then until another."""

    known_until: date
    as_of: date
    by_probability: Sequence[Compared]
    by_repeats: Sequence[Compared]
    total: Compared

    def find_band(self, return_bps: int) -> Compared | None:
        """The members who were expected to buy as probably; None where there were none."""
        band = min(return_bps * BANDS // money.BPS, BANDS - 1)
        return next((one for one in self.by_probability if one.first == band and one.members), None)

    @property
    def usual_error_permille(self) -> int:
        """By how much a member's probability is off: the mean over all members of their band's deviation."""
        off = sum(abs(one.returned - one.returned_expected) for one in self.by_probability)
        return round(off * _WHOLE / self.total.members) if self.total.members else 0

    @property
    def purchases_error_permille(self) -> int | None:
        """By how much more was bought than expected; None where nothing was expected."""
        return _beyond(self.total.purchases, self.total.purchases_expected)

    @property
    def spend_error_permille(self) -> int | None:
        """By how much more was spent than expected; None where nothing was expected."""
        return _beyond(self.total.spend_fen, self.total.spend_expected_fen)


def read(kept: Mapping[str, Any], *, as_of: date) -> Backtest:
    """The table that a fit keeps."""
    return Backtest(
        known_until=date.fromisoformat(kept["known_until"]),
        as_of=as_of,
        by_probability=_lines(kept["by_probability"]),
        by_repeats=_lines(kept["by_repeats"]),
        total=Compared(first=0, **kept["total"]),
    )


def _lines(kept: Mapping[str, Any]) -> list[Compared]:
    return [Compared(first=int(first), **line) for first, line in sorted(kept.items(), key=lambda item: int(item[0]))]


def _beyond(actual: float, expected: float) -> int | None:
    return round((actual - expected) * _WHOLE / expected) if expected else None


def days_between_purchases(buying: Buying) -> float:
    """How many days lie between two days with purchases of a member who buys as often as all do on average."""
    return buying.alpha / buying.r * _DAYS_A_WEEK


def stopping_permille(buying: Buying) -> int:
    """With which probability a member stops for good after a purchase, on average over all."""
    return round(buying.a / (buying.a + buying.b) * _WHOLE)


def usual_spend_fen(amounts: Amounts) -> int | None:
    """What a day with purchases brings on average over all members; None where the fit has no mean."""
    return round(amounts.p * amounts.gamma / (amounts.q - 1)) if amounts.q > 1 else None
