"""What purchases earn: the mall's rules of their business day, and what these ask of the member as of that day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from app.flows.consequences import returning
from app.identity.profiles import queries as profiles
from app.identity.profiles.rules import Birthday
from app.kernel import clock
from app.lifecycle.segments import queries as segments
from app.malls.models import Store
from app.points.earning import rule_sets
from app.points.earning.extras import BirthdayExtra, Extra, FirstOrderExtra, SegmentExtra, Spending, TierExtra
from app.points.earning.rules import Breakdown, Rules, break_down
from app.purchases.rules import Receipt
from app.tiers.standings import queries as standings


class Bought(Protocol):
    """A purchase as far as what it earns goes: in fen, on a business day of the mall."""

    @property
    def member_id(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def amount_fen(self) -> int: ...
    @property
    def store_code(self) -> str: ...
    @property
    def category_code(self) -> str: ...
    @property
    def is_first(self) -> bool: ...


class PastPurchase(NamedTuple):
    """A purchase of the past that is to earn once more."""

    member_id: int
    day: date
    amount_fen: int
    store_code: str
    category_code: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class MemberPurchase:
    """A member's purchase in a store; `is_first`: the first one of the member that costs something."""

    member_id: int
    receipt: Receipt
    store: Store
    is_first: bool

    @property
    def day(self) -> date:
        """The business day."""
        return clock.business_date(self.receipt.occurred_at)

    @property
    def amount_fen(self) -> int:
        """What was paid."""
        return self.receipt.amount_fen

    @property
    def store_code(self) -> str:
        """Where."""
        return self.store.code

    @property
    def category_code(self) -> str:
        """What kind of store that is."""
        return self.store.category_code


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of members where rules ask for it; tiers by member and day.

    `had_first_order`: who had the extra of a first order before they left and came back, so has no first one any more.
    """

    tiers: Mapping[tuple[int, date], str]
    birthdays: Mapping[int, Birthday]
    segments: Mapping[int, Collection[str]]
    had_first_order: Collection[int]


def earned_by(many: Sequence[MemberPurchase], *, now: datetime, tiers: Sequence[str] | None = None) -> list[Breakdown]:
    """What each of the purchases earns, in their order; a statement for each kind of thing that rules ask for.

    `tiers`: on which tier each of them was made, where growth moves members within the many.
    """
    rules = _rules_of(many)
    asked = list(zip(many, rules, strict=True))
    known = _look_up(asked, now=now, asks_for_tiers=tiers is None)
    stood = [known.tiers.get((one.member_id, one.day)) for one in many] if tiers is None else tiers
    return [
        break_down(_spending(one, known, tier), said, day=one.day)
        for (one, said), tier in zip(asked, stood, strict=True)
    ]


def replayed(many: Sequence[PastPurchase], tried: Sequence[Rules], *, now: datetime) -> list[tuple[Breakdown, ...]]:
    """What each of the purchases would have earned by each of the rules, in their orders, and nothing is written."""
    known = _look_up([(one, rules) for rules in tried for one in many], now=now)
    spent = [_spending(one, known, known.tiers.get((one.member_id, one.day))) for one in many]
    return [
        tuple(break_down(each, rules, day=one.day) for rules in tried) for one, each in zip(many, spent, strict=True)
    ]


def _rules_of(many: Sequence[MemberPurchase]) -> list[Rules]:
    days: dict[int, set[date]] = defaultdict(set)
    for one in many:
        days[one.store.mall_id].add(one.day)
    of_mall = {mall_id: rule_sets.in_force_on(mall_id, those) for mall_id, those in days.items()}
    return [of_mall[one.store.mall_id][one.day] for one in many]


def _look_up(asked: Sequence[tuple[Bought, Rules]], *, now: datetime, asks_for_tiers: bool = True) -> _Known:
    of_tiers = {(one.member_id, one.day) for one, rules in asked if asks_for_tiers and _asks_for(TierExtra, rules)}
    of_birthdays = {one.member_id for one, rules in asked if _asks_for(BirthdayExtra, rules)}
    of_segments = {one.member_id for one, rules in asked if _asks_for(SegmentExtra, rules)}
    of_firsts = {one.member_id for one, rules in asked if one.is_first and _asks_for(FirstOrderExtra, rules)}
    return _Known(
        tiers=standings.tier_codes_at(of_tiers) if of_tiers else {},
        birthdays=profiles.birthdays_of(of_birthdays) if of_birthdays else {},
        segments=segments.kept_of(of_segments) if of_segments else {},
        had_first_order=returning.list_with_first_order(of_firsts, now=now) if of_firsts else (),
    )


def _asks_for(kind: type[Extra], rules: Rules) -> bool:
    return any(isinstance(extra, kind) for extra in rules.extras)


def _spending(one: Bought, known: _Known, tier: str | None) -> Spending:
    birthday = known.birthdays.get(one.member_id)
    return Spending(
        amount_fen=one.amount_fen,
        store_code=one.store_code,
        category_code=one.category_code,
        tier_code=tier,
        birthday=None if birthday is None else birthday.in_year(one.day.year),
        is_first=one.is_first and one.member_id not in known.had_first_order,
        segments=known.segments.get(one.member_id, ()),
    )
