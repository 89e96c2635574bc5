"""Versions of the ladder: sound ones hold from a day on, and are taken back until then."""

from dataclasses import replace
from datetime import date

import pytest

from app.kernel import clock as app_clock
from app.tiers.ladders import ladders
from app.tiers.ladders.errors import LadderConflict, LadderInForce, LadderInvalid, LadderTooEarly
from app.tiers.ladders.ladders import DEFAULT
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from tests.support.clock import StillClock


@pytest.mark.requirement("S3.9")
def test_a_new_group_begins_with_four_tiers_and_a_yearly_period(clock: StillClock) -> None:
    ladders.ensure_ladder(now=clock.now)
    ladders.ensure_ladder(now=clock.now)
    ladder = ladders.in_force(date(2001, 1, 1))
    assert [rung.name for rung in ladder.rungs] == ["银卡", "金卡", "铂金卡", "钻石卡"]
    assert (ladder.period_months, ladder.at_end) == (12, AtEnd.ONE_DOWN)
    assert len(ladders.list_versions()) == 1


def renamed(number: int, **changes: object) -> Ladder:
    rungs = list(DEFAULT.rungs)
    rungs[number] = replace(rungs[number], **changes)  # type: ignore[arg-type]
    return replace(DEFAULT, rungs=tuple(rungs))


@pytest.mark.parametrize(
    ("ladder", "problem"),
    [
        (renamed(0, threshold=1), "lowest"),
        (renamed(2, threshold=2_000), "rising"),
        (renamed(1, threshold=-1), "rising"),
        (renamed(3, threshold=100_000_001), "thresholds"),
        (renamed(1, name=""), "names"),
        (renamed(1, name="银卡"), "names"),
        (renamed(1, code="silver"), "codes"),
        (renamed(3, code="other"), "gone"),
        (replace(DEFAULT, rungs=DEFAULT.rungs[:1]), "rungs"),
        (replace(DEFAULT, period_months=0), "period"),
        (replace(DEFAULT, rungs=(Rung("new", "新卡", 0), Rung("silver", "银卡", 1), *DEFAULT.rungs[1:])), "order"),
    ],
)
def test_what_makes_no_ladder_is_refused_with_what_is_wrong(clock: StillClock, ladder: Ladder, problem: str) -> None:
    ladders.ensure_ladder(now=clock.now)
    with pytest.raises(LadderInvalid) as refused:
        ladders.publish(ladder, effective_from=date(2030, 1, 1), by="王", now=clock.now)
    assert problem in refused.value.facts["problems"]


def test_a_version_holds_from_its_day_on_and_can_be_withdrawn_until_then(clock: StillClock) -> None:
    ladders.ensure_ladder(now=clock.now)
    today, named = app_clock.business_date(clock.now), renamed(3, name="黑金卡")
    with pytest.raises(LadderTooEarly):
        ladders.publish(named, effective_from=today, by="王", now=clock.now)
    first = date(2030, 1, 1)
    version = ladders.publish(named, effective_from=first, by="王", now=clock.now)
    assert ladders.publish(named, effective_from=first, by="李", now=clock.now).id == version.id
    with pytest.raises(LadderConflict):
        ladders.publish(DEFAULT, effective_from=first, by="王", now=clock.now)
    assert ladders.list_names(date(2029, 12, 31))["diamond"] == "钻石卡"
    assert ladders.list_names(first)["diamond"] == "黑金卡"
    ladders.withdraw(version.id, now=clock.now)
    with pytest.raises(LadderInForce):
        ladders.withdraw(version.id, now=clock.now)
    assert ladders.list_names(first)["diamond"] == "钻石卡"
