"""Judging a silence from what happened before it."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from app.lifecycle.causes.rules import Act, ActKind, Cause, History, judge

pytestmark = pytest.mark.no_database

LAST = date(2026, 1, 10)  # a Saturday
Maker = Callable[[random.Random], History]


def act(kind: ActKind, age: int, *, hour: int = 19, mall: int = 1, category: str | None = "dining") -> Act:
    """An act so many days before the last visit."""
    return Act(kind, datetime.combine(LAST - timedelta(days=age), time(hour)), mall, category)


def ages(luck: random.Random, first: int, last: int, gap: int) -> list[int]:
    """Days of visits, some days apart, from so long before the last visit."""
    return [age for age in range(first, last - 1, -gap) if age == 0 or luck.random() < 0.85]


def bargain_hunter(luck: random.Random) -> History:
    acts = []
    for age in ages(luck, 170, 0, 9):
        acts.append(act(ActKind.BOUGHT, age, category=luck.choice(["dining", "fashion", "kids"])))
        if luck.random() < 0.85:
            acts.append(act(ActKind.COUPON_USED, age))
    acts += [act(ActKind.COUPON_GOT, age) for age in range(175, 30, -12)]
    return History(last_on=LAST, acts=acts)


def mover(luck: random.Random) -> History:
    """Came on evenings of working days, then only at weekends, then moved."""
    acts = []
    for age in ages(luck, 170, 0, 6):
        day = LAST - timedelta(days=age)
        wanted = 5 if age < 60 else luck.randrange(0, 5)
        moved = day + timedelta(days=wanted - day.weekday())
        acts.append(act(ActKind.BOUGHT, max(0, (LAST - moved).days), category=luck.choice(["dining", "fashion"])))
    return History(last_on=LAST, acts=acts, nearby="neither" if luck.random() < 0.2 else None)


def disappointed(luck: random.Random) -> History:
    acts = [act(ActKind.BOUGHT, age, category=luck.choice(["dining", "fashion"])) for age in ages(luck, 170, 0, 8)]
    acts.append(act(ActKind.REFUNDED, -luck.randrange(0, 10)))
    return History(last_on=LAST, acts=acts, complained_on=[LAST] if luck.random() < 0.5 else [])


def drifter(luck: random.Random) -> History:
    acts = [act(ActKind.BOUGHT, age, category="kids") for age in ages(luck, 170, 60, 6)]
    acts += [act(ActKind.BOUGHT, age, category="dining") for age in ages(luck, 54, 0, 14)]
    return History(last_on=LAST, acts=acts)


def regular(luck: random.Random) -> History:
    acts = [
        act(ActKind.BOUGHT, age, category=luck.choice(["dining", "fashion", "kids"])) for age in ages(luck, 170, 0, 4)
    ]
    return History(last_on=LAST, acts=acts)


WORLDS: dict[Cause, Maker] = {
    Cause.PRICE: bargain_hunter,
    Cause.SCENE: mover,
    Cause.EXPERIENCE: disappointed,
    Cause.INTEREST: drifter,
    Cause.UNKNOWN: regular,
}


@pytest.mark.requirement("S0.44")
def test_causes_are_recognised_far_better_than_by_chance() -> None:
    luck = random.Random(11)
    confusion = Counter((true, judge(make(luck)).cause) for true, make in WORLDS.items() for _ in range(100))

    right = {true: confusion[true, true] for true in WORLDS}

    assert min(right.values()) >= 60, confusion
    assert sum(right.values()) >= 400, confusion


@pytest.mark.parametrize("age", [29, 0, -30])
def test_a_refund_near_the_last_visit_is_a_bad_experience(age: int) -> None:
    acts = [act(ActKind.BOUGHT, 5), act(ActKind.REFUNDED, age)]

    found = judge(History(last_on=LAST, acts=acts))

    assert found.cause == Cause.EXPERIENCE
    assert [(one.code, one.facts) for one in found.evidence] == [("refunded", {"refunds": 1, "purchases": 1})]


@pytest.mark.parametrize("age", [30, -31])
def test_one_long_before_or_after_is_none(age: int) -> None:
    found = judge(History(last_on=LAST, acts=[act(ActKind.BOUGHT, 5), act(ActKind.REFUNDED, age)]))

    assert (found.cause, found.confidence_bps, found.evidence) == (Cause.UNKNOWN, 0, ())


def test_two_equally_likely_causes_are_none() -> None:
    acts = [act(ActKind.BOUGHT, age) for age in range(0, 170, 5)]

    found = judge(History(last_on=LAST, acts=[*acts, act(ActKind.REFUNDED, 1)], nearby="neither"))

    assert found.cause == Cause.UNKNOWN
    assert {one.cause for one in found.evidence} == {Cause.EXPERIENCE, Cause.SCENE}


def test_signs_of_one_cause_strengthen_each_other() -> None:
    acts = [act(ActKind.BOUGHT, 5), act(ActKind.REFUNDED, 5)]

    one = judge(History(last_on=LAST, acts=acts))
    both = judge(History(last_on=LAST, acts=acts, complained_on=[LAST]))

    assert one.confidence_bps < both.confidence_bps <= 10_000


def test_of_somebody_who_never_did_anything_nothing_is_said() -> None:
    assert judge(History(last_on=LAST, acts=[])).cause == Cause.UNKNOWN
