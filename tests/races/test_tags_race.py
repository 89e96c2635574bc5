"""Several runners at one day's tags, and colleagues at the same word: each is done once."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.flows.privacy import profiling
from app.identity.models import Member
from app.kernel import clock, versions
from app.kernel.db import atomic, db
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand.manual_tags import Giver
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag
from app.lifecycle.tags.computed import queries, thresholds
from app.lifecycle.tags.computed.errors import TagRulesConflict
from app.lifecycle.tags.computed.models import MemberTag, TagNight, TagRules
from app.lifecycle.tags.computed.rules import DEFAULT
from app.workers.lifecycle import tag_runs
from tests.builders.buying import at, buy
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.support.races import interleave, race

RUNNERS = 4


def counted(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def members(committed_db: scoped_session[Session]) -> list[tuple[int, int]]:
    """Two who bought in one store on the last days, each with the mall."""
    store, today = make_store(), clock.business_date(clock.now())
    found = []
    with atomic():
        for _ in range(2):
            member = make_member()
            for days in (1, 2, 3):
                buy(member, store, at(today - timedelta(days=days)), 5_000)
            found.append((member.id, member.home_mall_id))
    return found


def test_one_of_many_runners_works_a_day_out(committed_app: Flask, members: list[tuple[int, int]]) -> None:
    results = race(committed_app, [tag_runs.work_out_last_day] * RUNNERS)

    assert sorted(done is None for done in results) == [False] + [True] * (RUNNERS - 1)
    assert counted(TagNight) == 1 and counted(MemberTag) == 2 * 4  # category, brand, floor, price


def test_who_switches_profiling_off_meanwhile_bears_none_in_the_end(
    committed_app: Flask, members: list[tuple[int, int]]
) -> None:
    quiet = members[0][0]

    def stop() -> None:
        with atomic():
            profiling.stop_profiling(quiet, now=clock.now())

    race(committed_app, [tag_runs.work_out_last_day, stop])

    db.session.rollback()
    assert queries.list_tags(quiet) == []
    assert list(db.session.scalars(select(Member.id).where(queries.bears("category", "dining")))) == [members[1][0]]


def test_a_new_word_of_several_is_one_and_given_once(committed_app: Flask, members: list[tuple[int, int]]) -> None:
    [(member_id, mall_id), (other_id, _)] = members

    def give(to: int, staff_id: int) -> None:
        with atomic():
            by = Giver(staff_id=staff_id, name=f"同事{staff_id}", mall_id=mall_id)
            manual_tags.give(to, "团购群主", by, note="", now=clock.now())

    tries = [lambda to=to, staff=staff: give(to, staff) for staff, to in enumerate((member_id, member_id, other_id))]
    results = race(committed_app, tries)

    assert results == [None, None, None]
    assert (counted(ManualTag), counted(MemberManualTag)) == (1, 2)


def test_thresholds_that_two_publish_alike_are_one_version(committed_app: Flask, committed_db: object) -> None:
    results = interleave(committed_app, publish, publish)

    assert [is_new for _, is_new in results] == [True, False]
    assert results[0][0] == results[1][0] and counted(TagRules) == 1


def test_looking_before_alone_is_no_guard(committed_app: Flask, committed_db: object) -> None:
    """The second one looks before the first has committed."""
    refused = interleave(committed_app, publish, lambda: versions.publish(version(), taken=TagRulesConflict()))[1]
    assert isinstance(refused, TagRulesConflict)


def publish() -> tuple[int, bool]:
    tomorrow = clock.business_date(clock.now()) + timedelta(days=1)
    found = thresholds.publish(DEFAULT, effective_from=tomorrow, by="周宁", now=clock.now())
    return found.id, found.is_new


def version() -> TagRules:
    tomorrow = clock.business_date(clock.now()) + timedelta(days=1)
    return TagRules(effective_from=tomorrow, created_at=clock.now(), created_by="林", **asdict(DEFAULT))
