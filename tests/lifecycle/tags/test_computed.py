"""Tags that follow from facts: what speaks for them, how they fade, who bears none."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.behaviour import behaviour
from app.behaviour.models import BehaviourKind
from app.behaviour.rules import Event
from app.flows.members import leaving
from app.flows.privacy import own_data, profiling
from app.identity import queries as members
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Cause
from app.lifecycle.tags.computed import queries, thresholds
from app.lifecycle.tags.computed.errors import TagRulesNotSensible, TagRulesTooEarly, TagsWorkedOutLater
from app.lifecycle.tags.computed.models import MemberTag
from app.lifecycle.tags.computed.rules import Thresholds
from app.lifecycle.tags.computed.wording import name_tag, tell_evidence
from app.malls.models import Merchant, Store
from app.parking.sessions.models import Direction
from app.timeline import events
from app.timeline.models import EventKind
from app.workers.lifecycle import tag_runs
from tests.builders.buying import at, buy
from tests.builders.cases import merge
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.builders.parking import HOURLY, make_driver, make_ground
from tests.support.clock import StillClock

TODAY = date(2026, 3, 11)  # a Wednesday
YESTERDAY = TODAY - timedelta(days=1)
SATURDAYS = [date(2026, 2, 28) - timedelta(weeks=weeks) for weeks in range(4)]


@pytest.fixture
def store() -> Store:
    return make_store(category_code="dining", floor="F2")


@pytest.fixture(autouse=True)
def _today(clock: StillClock) -> None:
    """It is ten in the morning of the eleventh."""


def come(member: Member, store: Store, *days: date, hour: int = 12, fen: int = 5_000) -> None:
    for day in days:
        buy(member, store, at(day, hour), fen)
        fact = Fact("test", EventKind.PURCHASED, day, store.id)
        events.record(member.id, kind=EventKind.PURCHASED, fact=fact, occurred_at=at(day, hour), mall_id=store.mall_id)


def tags_of(member: Member) -> Mapping[str, MemberTag]:
    return {f"{tag.kind}:{tag.value}": tag for tag in queries.list_tags(member.id)}


def evidence(member: Member, code: str) -> Mapping[str, Any]:
    return tags_of(member)[code].evidence


@pytest.mark.requirement("S3.2")
def test_tags_follow_from_what_was_bought_when_and_where(store: Store) -> None:
    member, shoes = make_member(), make_store(category_code="sports", floor="F5")
    come(member, store, *SATURDAYS, hour=19)
    come(member, shoes, YESTERDAY - timedelta(days=1), hour=9)

    tag_runs.work_out_last_day()

    assert tags_of(member).keys() == {
        "category:dining",
        f"brand:{store.merchant_id}",
        f"zone:{store.mall_id}:F2",
        "week:weekend",
        "hours:evening",
        "price:full",
    }
    assert evidence(member, "category:dining") == {"times": 4, "of": 5}
    dining = tags_of(member)["category:dining"]
    assert (dining.since, dining.worked_out_on, dining.home_mall_id) == (YESTERDAY, YESTERDAY, member.home_mall_id)
    what = name_tag("category", "dining", {})
    assert (
        tell_evidence("category", "dining", dining.evidence, what=what, days=180) == "近 180 天 5 次消费中 4 次在餐饮"
    )
    assert [one.members for one in queries.list_counts(member.home_mall_id)] == [1] * 6
    assert tag_runs.work_out_last_day() is None


@pytest.mark.parametrize(
    ("cause", "corrected", "is_full"),
    [
        (Cause.PRICE, None, False),
        (Cause.UNKNOWN, Cause.PRICE, False),
        (Cause.PRICE, Cause.SCENE, True),
        (Cause.SCENE, None, True),
    ],
)
def test_whom_the_price_keeps_away_is_not_said_to_pay_in_full(
    store: Store, cause: Cause, corrected: Cause | None, is_full: bool
) -> None:
    member = make_member()
    last = YESTERDAY - timedelta(days=100)
    come(member, store, *(last - timedelta(days=days) for days in range(4)))
    silence = SleepCause(
        member_id=member.id, home_mall_id=member.home_mall_id, silent_since=last, judged_on=YESTERDAY, evidence=[]
    )
    silence.cause, silence.corrected_cause, silence.confidence_bps = cause, corrected, 0
    db.session.add(silence)
    db.session.flush()

    tag_runs.work_out_last_day()

    assert ("price:full" in tags_of(member)) == is_full


def test_a_purchase_that_was_given_back_speaks_for_nothing(store: Store) -> None:
    member = make_member()
    come(member, store, *SATURDAYS[:2])
    given_back = buy(member, store, at(YESTERDAY), 5_000)
    buy(member, store, at(YESTERDAY, 13), -5_000, refund_of=given_back)

    tag_runs.work_out_last_day()

    assert "category:dining" not in tags_of(member)


def test_a_tag_fades_and_goes_and_only_what_changes_is_written(store: Store, clock: StillClock) -> None:
    member = make_member()
    come(member, store, *SATURDAYS)
    tag_runs.work_out_last_day()
    strong = tags_of(member)["category:dining"].weight_bps

    clock.advance(days=1)
    again = tag_runs.work_out_last_day()
    assert again is not None and (again.written, again.removed) == (0, 0)

    clock.advance(days=60)
    tag_runs.work_out_last_day()
    weak = tags_of(member)["category:dining"]
    assert 0 < weak.weight_bps < strong and weak.since == YESTERDAY

    clock.advance(days=120)
    gone = tag_runs.work_out_last_day()
    assert gone is not None and gone.tags == 0 and gone.removed > 0
    with pytest.raises(TagsWorkedOutLater):
        tag_runs.work_out_day(YESTERDAY)


def test_who_switches_profiling_off_or_leaves_or_is_another_bears_none(store: Store, clock: StillClock) -> None:
    quiet, left, same, person = (make_member() for _ in range(4))
    for member in (quiet, left):
        come(member, store, *SATURDAYS)
    come(same, store, *SATURDAYS[:2])
    come(person, store, *SATURDAYS[2:])
    tag_runs.work_out_last_day()
    assert tags_of(quiet) and tags_of(left) and "category:dining" not in tags_of(person)

    profiling.stop_profiling(quiet.id, now=clock.now)
    leaving.let_member_leave(left.id, told=leaving.preview_leaving(left.id, now=clock.now).cost, now=clock.now)
    assert not tags_of(quiet) and not tags_of(left)
    merge(same, person)
    clock.advance(days=1)
    tag_runs.work_out_last_day()

    survivor = members.get_member(same.id)
    assert set(db.session.scalars(select(MemberTag.member_id))) == {survivor.id}
    assert evidence(survivor, "category:dining") == {"times": 4, "of": 4}


def test_tags_stand_in_the_member_s_own_document(store: Store) -> None:
    member = make_member()
    come(member, store, *SATURDAYS)
    tag_runs.work_out_last_day()

    rows = db.session.execute(own_data.SECTIONS["tags"]([member.id]))
    told = {(row.kind, row.tag): (row.times, row.of) for row in rows}
    assert told["category", "dining"] == (4, 4)
    assert told["brand", db.session.get_one(Merchant, store.merchant_id).name] == (4, 4)


def test_thresholds_are_versions_that_begin_on_a_day_to_come(store: Store, clock: StillClock) -> None:
    member, strict = make_member(), Thresholds(least_purchases=5)
    come(member, store, *SATURDAYS)
    with pytest.raises(TagRulesTooEarly):
        thresholds.publish(strict, effective_from=TODAY, by="周宁", now=clock.now)
    with pytest.raises(TagRulesNotSensible):
        thresholds.publish(Thresholds(half_life_days=400), effective_from=TODAY, by="周宁", now=clock.now)
    thresholds.publish(strict, effective_from=TODAY + timedelta(days=1), by="周宁", now=clock.now)

    tag_runs.work_out_last_day()
    assert "category:dining" in tags_of(member)
    clock.advance(days=2)
    tag_runs.work_out_last_day()
    assert "category:dining" not in tags_of(member) and "week:weekend" in tags_of(member)


@pytest.mark.requirement("S1.2")
def test_tags_follow_from_how_somebody_browses_and_what_they_share(clock: StillClock) -> None:
    member, months = make_member(), itertools.count(1)
    for days in (3, 2, 1):
        kinds = [BehaviourKind.PAGE] * 8 + [BehaviourKind.SHARE]
        at_ten = at(TODAY - timedelta(days=days), 10)
        told = [Event(f"event-{next(months)}", kind, at_ten, "pages/home", None, None, None, "") for kind in kinds]
        behaviour.record(member.id, told, now=clock.now)

    tag_runs.work_out_last_day()

    assert {code: tag.evidence for code, tag in tags_of(member).items()} == {
        "browsing:deep": {"times": 3, "pages": 24},
        "sharing:shares": {"times": 3},
    }


@pytest.mark.requirement("S3.3")
def test_tags_follow_from_how_somebody_comes_and_how_long_they_stay(clock: StillClock) -> None:
    ground = make_ground(tariff=replace(HOURLY, free_minutes=240))
    member = make_driver(ground)
    for weeks in (4, 3, 2, 1):
        entered_at = at(TODAY - timedelta(weeks=weeks), 15)
        ground.passes(Direction.IN, at=entered_at)
        ground.passes(Direction.OUT, at=entered_at + timedelta(minutes=190))

    tag_runs.work_out_last_day()

    assert tags_of(member).keys() == {"stay:long", "parking:drives", "week:workday", "hours:afternoon"}
    told = tell_evidence("stay", "long", evidence(member, "stay:long"), what="", days=180)
    assert told == "近 180 天停车 4 次，平均停留 3 小时 10 分"
