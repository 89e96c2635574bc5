"""Judging a silence by what happened before it: facts in, a cause with its evidence out. Thresholds are below.

Two spans are compared: the `RECENT_DAYS` up to the last visit, and what came before them within `KNOWN_DAYS`. Signs of
one cause strengthen each other as independent ones do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

SILENT_DAYS = 90  # without a visit
KNOWN_DAYS = 180  # so much before the last visit is looked at, so much of it is early
RECENT_DAYS = 60
AFTER_DAYS = 30  # what belongs to a visit may come so much later: a refund, a complaint
LEAST_VISITS = 3  # in each span that is compared
SURE_BPS = 4_000  # less than that names no cause
APART_BPS = 500  # nor do two that are as near as that


class Cause(StrEnum):
    """Why somebody stopped coming; each asks for a plan of its own."""

    PRICE = "price"  # came for coupons
    SCENE = "scene"  # lives, works or drives elsewhere by now
    EXPERIENCE = "experience"  # something went wrong
    INTEREST = "interest"  # wanted other things
    UNKNOWN = "unknown"  # nothing says why


class ActKind(StrEnum):
    """What of a member's acts says something about why they stopped."""

    BOUGHT = "bought"
    REFUNDED = "refunded"
    VISITED = "visited"
    PARKED = "parked"
    COUPON_GOT = "coupon_got"
    COUPON_USED = "coupon_used"
    REVERSED = "reversed"


class Slot(StrEnum):
    """When in the week somebody comes."""

    OFFICE = "office"  # working days until half past four
    EVENING = "evening"  # working days after that
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class Act:
    """One act at a moment of the mall's clock; `category` is that of the store, where there was one."""

    kind: ActKind
    at: datetime
    mall_id: int | None = None
    category: str | None = None

    @property
    def slot(self) -> Slot:
        """The part of the week."""
        if self.at.weekday() >= 5:
            return Slot.WEEKEND
        return Slot.OFFICE if (self.at.hour, self.at.minute) < (16, 30) else Slot.EVENING


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of a member until `AFTER_DAYS` after their last visit, and what changed about them since."""

    last_on: date
    acts: Sequence[Act]
    complained_on: Sequence[date] = ()
    plates_bound_on: Sequence[date] = ()
    nearby: str | None = None

    def age(self, day: date) -> int:
        """Days from a day to the last visit; below 0 for what came after."""
        return (self.last_on - day).days


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sign of a cause: how strongly it speaks for it by itself, and the facts to tell. No personal data."""

    cause: Cause
    code: str
    strength_bps: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The cause with the strongest evidence, how much that is, and all signs that were found, the strongest first."""

    cause: Cause
    confidence_bps: int
    evidence: tuple[Evidence, ...]


def judge(history: History) -> Judgement:
    """Why the member stopped coming; `UNKNOWN` when nothing says it clearly enough."""
    spans = _Spans.of(history)
    found = sorted(
        (one for signs in _SIGNS for one in signs(history, spans)), key=lambda one: (-one.strength_bps, one.code)
    )
    by_cause = {cause: _together(one.strength_bps for one in found if one.cause == cause) for cause in Cause}
    (best, strength), (_, second) = sorted(by_cause.items(), key=lambda item: -item[1])[:2]
    if strength < SURE_BPS or strength - second < APART_BPS:
        return Judgement(Cause.UNKNOWN, 0, tuple(found))
    return Judgement(best, strength - second // 3, tuple(found))


def _together(strengths: Iterable[int]) -> int:
    """How strongly independent signs speak together: what none of them explains is left over."""
    left = 10_000
    for strength in strengths:
        left = left * (10_000 - strength) // 10_000
    return 10_000 - left


@dataclass(frozen=True, slots=True)
class _Spans:
    """The visits of both spans."""

    early: Sequence[Act]
    recent: Sequence[Act]

    @classmethod
    def of(cls, history: History) -> "_Spans":
        visits = [act for act in history.acts if act.kind in {ActKind.BOUGHT, ActKind.VISITED, ActKind.PARKED}]
        return cls(
            [act for act in visits if RECENT_DAYS <= history.age(act.at.date()) < KNOWN_DAYS],
            [act for act in visits if 0 <= history.age(act.at.date()) < RECENT_DAYS],
        )


def _price(history: History, spans: _Spans) -> Iterator[Evidence]:
    """They came when they had a coupon, and had fewer of them in the end."""
    days = _days([*spans.early, *spans.recent], ActKind.BOUGHT)
    used = _days(history.acts, ActKind.COUPON_USED) & days
    share = len(used) * 10_000 // len(days) if days else 0
    if len(days) < LEAST_VISITS or share < 5_000:
        return
    yield Evidence(Cause.PRICE, "came_with_coupons", 3_500 + share * 3 // 10, {"days": len(days), "with": len(used)})
    ages = [history.age(act.at.date()) for act in history.acts if act.kind == ActKind.COUPON_GOT]
    before = sum(AFTER_DAYS <= age < AFTER_DAYS + RECENT_DAYS for age in ages)
    since = sum(-AFTER_DAYS <= age < AFTER_DAYS for age in ages)
    if before >= 2 and since * 2 <= before:
        yield Evidence(Cause.PRICE, "fewer_coupons", 4_000, {"before": before, "since": since})


def _experience(history: History, spans: _Spans) -> Iterator[Evidence]:
    """Something went wrong shortly before they stayed away."""
    near = [act for act in history.acts if -AFTER_DAYS <= history.age(act.at.date()) < AFTER_DAYS]
    refunds = sum(act.kind == ActKind.REFUNDED for act in near)
    bought = sum(act.kind == ActKind.BOUGHT for act in near)
    if refunds:
        strength = min(5_000 + 2_500 * refunds // max(1, bought) + 500 * (refunds - 1), 8_000)
        yield Evidence(Cause.EXPERIENCE, "refunded", strength, {"refunds": refunds, "purchases": bought})
    reversed_ = sum(act.kind == ActKind.REVERSED for act in near)
    if reversed_:
        yield Evidence(Cause.EXPERIENCE, "coupon_undone", 2_500, {"times": reversed_})
    complaints = sum(-AFTER_DAYS <= history.age(day) < RECENT_DAYS for day in history.complained_on)
    if complaints:
        yield Evidence(Cause.EXPERIENCE, "complained", 7_500, {"times": complaints})


def _scene(history: History, spans: _Spans) -> Iterator[Evidence]:
    """They came at other times, otherwise or elsewhere in the end, or say that nothing is near any more."""
    yield from _other_hours(spans)
    yield from _other_wheels(history, spans)
    early, recent = _shares(spans.early, "mall_id"), _shares(spans.recent, "mall_id")
    if _enough(spans) and _moved(early, recent) >= 5_000:
        yield Evidence(Cause.SCENE, "other_mall", 5_000)
    if history.nearby == "neither":
        yield Evidence(Cause.SCENE, "nothing_near", 5_000)


def _other_hours(spans: _Spans) -> Iterator[Evidence]:
    early, recent = _shares(spans.early, "slot"), _shares(spans.recent, "slot")
    if _enough(spans) and (moved := _moved(early, recent)) >= 4_500:
        facts = {"from": _top(early), "to": _top(recent)}
        yield Evidence(Cause.SCENE, "other_hours", min(2_000 + moved // 2, 7_000), facts)
    elif _enough(spans) and recent.get(Slot.OFFICE, 0) >= 7_000 and len(spans.recent) * 2 >= len(spans.early):
        yield Evidence(Cause.SCENE, "office_stopped", 4_500, {"visits": len(spans.recent)})


def _other_wheels(history: History, spans: _Spans) -> Iterator[Evidence]:
    if any(-SILENT_DAYS <= history.age(day) < RECENT_DAYS for day in history.plates_bound_on):
        yield Evidence(Cause.SCENE, "new_plate", 4_000)
    early, recent = ({act.kind == ActKind.PARKED for act in span} for span in (spans.early, spans.recent))
    if _enough(spans) and (True in early) != (True in recent):
        yield Evidence(Cause.SCENE, "parking_began" if True in recent else "parking_ended", 3_500)


def _interest(history: History, spans: _Spans) -> Iterator[Evidence]:
    """They bought other things, and less often, in the end."""
    bought = _Spans(*([one for one in span if one.kind == ActKind.BOUGHT] for span in (spans.early, spans.recent)))
    early, recent = _shares(bought.early, "category"), _shares(bought.recent, "category")
    if not _enough(bought) or (moved := _moved(early, recent)) < 4_500:
        return
    facts = {"from": _top(early), "to": _top(recent)}
    yield Evidence(Cause.INTEREST, "other_categories", min(2_500 + moved // 2, 7_500), facts)
    before, after = len(_days(bought.early, ActKind.BOUGHT)), len(_days(bought.recent, ActKind.BOUGHT))
    if after * 4 <= before:  # the early span is twice as long
        yield Evidence(Cause.INTEREST, "less_often", 2_500, {"before": before, "after": after})


_SIGNS = (_price, _experience, _scene, _interest)


def _days(acts: Iterable[Act], kind: ActKind) -> set[date]:
    return {act.at.date() for act in acts if act.kind == kind}


def _enough(spans: _Spans) -> bool:
    return min(len(spans.early), len(spans.recent)) >= LEAST_VISITS


def _shares(acts: Sequence[Act], of: str) -> dict[Any, int]:
    """Each value's share of the acts that have one, in basis points."""
    counts = Counter(value for act in acts if (value := getattr(act, of)) is not None)
    return {value: count * 10_000 // counts.total() for value, count in counts.items()}


def _moved(early: dict[Any, int], recent: dict[Any, int]) -> int:
    """How much of the shares went elsewhere, in basis points; 0 where one side has none."""
    if not early or not recent:
        return 0
    return sum(max(0, early.get(value, 0) - recent.get(value, 0)) for value in early)


def _top(shares: dict[Any, int]) -> str:
    return str(max(sorted(shares), key=lambda value: shares[value]))
