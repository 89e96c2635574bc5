"""What a purchase earns: one pure function, called by accrual, preview, rehearsal and what the member is told.

The base is the sum times the most particular rate: the store's, else its category's, else the mall's. Extras add up on
the base and never on each other: 286 yuan at 1 point a yuan with 100 % for the member day and 10 % for the gold tier
earn 286 × (1 + 1.00 + 0.10). The whole is rounded once, down; a part is what the whole grows by with it, in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.kernel import money
from app.points.earning.acts import ActRule, Done
from app.points.earning.extras import Extra, Payer, Spending

# Fen in a yuan, times what a rate of one point a yuan is written as.
_PER_POINT = 100 * money.BPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What spending earns in a mall: rates in points per yuan (10000: one), by store and category code, and extras.

    `acts`: what is earned without buying anything, a rule for a kind.
    """

    mall_rate_bps: int = money.BPS
    category_rates_bps: Mapping[str, int] = field(default_factory=dict)
    store_rates_bps: Mapping[str, int] = field(default_factory=dict)
    extras: Sequence[Extra] = ()
    acts: Sequence[ActRule] = ()

    def rate_bps(self, store_code: str, category_code: str) -> int:
        """The base rate of a store of a category."""
        by_category = self.category_rates_bps.get(category_code, self.mall_rate_bps)
        return self.store_rates_bps.get(store_code, by_category)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the points: the base (`extra` None) or what an extra adds, and who pays them."""

    points: int
    payer: Payer
    extra: Extra | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How many points a purchase earns and why: its sum, the base rate, and the parts that add up to the points.

    What another act earned has the act, and neither sum nor rate.
    """

    amount_fen: int
    rate_bps: int
    parts: Sequence[Part]
    act: Done | None = None

    @property
    def points(self) -> int:
        """All of them."""
        return sum(part.points for part in self.parts)

    @property
    def brand(self) -> str:
        """The code of the merchant who pays a brand's part; empty without one."""
        return next((part.extra.brand for part in self.parts if part.extra and part.payer is Payer.BRAND), "")

    def paid_by(self, payer: Payer) -> int:
        """Those that one payer pays."""
        return sum(part.points for part in self.parts if part.payer is payer)


def break_down(spending: Spending, rules: Rules, *, day: date) -> Breakdown:
    """What a purchase (its sum >= 0) of a day of the mall earns."""
    rate_bps = rules.rate_bps(spending.store_code, spending.category_code)
    whole, factor_bps = points_for(spending.amount_fen, rate_bps), money.BPS
    parts = [Part(whole, Payer.MERCHANT)]
    for extra in rules.extras:
        if extra.applies(spending, day):
            before, factor_bps = whole, factor_bps + extra.bps
            whole = spending.amount_fen * rate_bps * factor_bps // (_PER_POINT * money.BPS)
            parts.append(Part(whole - before, extra.payer, extra))
    return Breakdown(spending.amount_fen, rate_bps, parts)


def points_for(amount_fen: int, rate_bps: int) -> int:
    """Whole points earned for fen spent at a rate (10000: one point per yuan), rounded down."""
    return amount_fen * rate_bps // _PER_POINT
