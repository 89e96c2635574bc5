"""Segments with their versions, and who is in them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.flows.members.leaving import Cost, let_member_leave
from app.identity.models import Member, MemberStatus
from app.identity.profiles import profiles
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.lifecycle.segments import queries, reading, segments
from app.lifecycle.segments.definitions import Node
from app.lifecycle.segments.errors import SegmentArchived, SegmentChanged, SegmentTitleTaken, SegmentTooSlow
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment, SegmentMember
from app.lifecycle.segments.segments import Author
from app.malls.models import Mall
from app.tiers.growth.models import GrowthAccount
from tests.builders.identity import make_member
from tests.builders.malls import make_mall

BY = Author(staff_id=1, name="王芳")


def grown(at_least: int) -> Node:
    return read({"field": "growth", "operator": "at_least", "value": at_least})


def read(root: dict[str, Any]) -> Node:
    return reading.read({"version": 1, "root": root}, all_fields(), mall_id=None)


def make(mall: Mall | None, root: Node, *, title: str = "成长好", is_nightly: bool = True) -> Segment:
    mall_id = None if mall is None else mall.id
    return segments.create(title, root, mall_id=mall_id, is_nightly=is_nightly, by=BY, now=clock.now())


def grow(member: Member, growth: int) -> None:
    values = {"member_id": member.id, "growth": growth}
    db.session.execute(
        insert(GrowthAccount).values(values).on_conflict_do_update(index_elements=["member_id"], set_=values)
    )


def kept(segment: Segment) -> dict[int, Any]:
    rows = select(SegmentMember.member_id, SegmentMember.entered_on).where(SegmentMember.segment_id == segment.id)
    return dict(db.session.execute(rows).tuples().all())


def ids_of(segment: Segment) -> Sequence[int]:
    return queries.list_ids(segment, now=clock.now(), limit=100)


def test_refreshing_writes_only_who_comes_and_who_goes() -> None:
    mall = make_mall()
    stays, goes, comes = (make_member(mall) for _ in range(3))
    grow(stays, 10), grow(goes, 10)
    segment, today = make(mall, grown(10)), clock.business_date(clock.now())
    assert segments.refresh(segment, now=clock.now()) == 2
    assert kept(segment) == {stays.id: today, goes.id: today}
    grow(goes, 9), grow(comes, 11)
    tomorrow = clock.now() + timedelta(days=1)
    assert segments.refresh(segment, now=tomorrow) == 2
    assert kept(segment) == {stays.id: today, comes.id: today + timedelta(days=1)}
    assert ids_of(segment) == [stays.id, comes.id]
    assert (segment.members, segment.refreshed_version) == (2, 1)


def test_live_segment_is_looked_up_when_asked_for() -> None:
    mall, other = make_mall(), make_mall()
    here, there = make_member(mall), make_member(other)
    grow(here, 10), grow(there, 10)
    assert ids_of(make(mall, grown(10), is_nightly=False)) == [here.id]
    assert ids_of(make(None, grown(10), is_nightly=False)) == [here.id, there.id]
    assert ids_of(make(None, grown(11), is_nightly=False, title="更好")) == []


def test_pages_and_steps_have_everybody_once() -> None:
    mall = make_mall()
    members = [make_member(mall) for _ in range(5)]
    segment = make(mall, read({"field": "joined", "operator": "within", "value": 7}), is_nightly=False)
    first = queries.list_members(segment, now=clock.now(), asked=queries.Asked(limit=3))
    rest = queries.list_members(segment, now=clock.now(), asked=queries.Asked(limit=3, cursor=first.next))
    assert [one.id for one in (*first, *rest)] == [one.id for one in reversed(members)]
    step = queries.list_ids(segment, now=clock.now(), limit=2)
    assert [*step, *queries.list_ids(segment, now=clock.now(), after=step[-1], limit=9)] == [m.id for m in members]
    root = queries.definition_of(segment)
    assert queries.count(root, mall_id=mall.id, now=clock.now()) == 5
    assert len(queries.sample(root, mall_id=mall.id, now=clock.now())) == 5


def test_count_that_takes_too_long_is_refused_and_the_rest_goes_on() -> None:
    root = grown(1)
    with pytest.raises(SegmentTooSlow):
        queries.count(_slow(root), mall_id=None, now=clock.now(), most_ms=1)
    assert queries.count(root, mall_id=None, now=clock.now()) == 0


def _slow(root: Node) -> Node:
    """A definition that no database counts within a millisecond: many parts to plan."""
    leaves = [
        {"field": code, "operator": "at_least", "value": 1, "days": days}
        for code in ("spend", "purchases", "visits", "coupons_used", "coupons_given")
        for days in range(1, 7)
    ]
    return read({"all": leaves})


def test_versions_are_added_and_never_changed() -> None:
    segment = make(make_mall(), grown(10))
    said = {"seen_version": 1, "is_nightly": True, "by": BY, "now": clock.now()}
    assert not segments.change(segment, "新名字", grown(10), **said)
    assert segments.change(segment, "新名字", grown(20), **said)
    with pytest.raises(SegmentChanged):
        segments.change(segment, "新名字", grown(30), **said)
    numbers = [(one.number, one.definition["root"]["value"]) for one in queries.list_versions(segment.id)]
    assert numbers == [(2, 20), (1, 10)]
    assert queries.get_version(segment).number == 2
    with pytest.raises(NotFound):
        queries.get_version(segment, 3)


def test_titles_are_unique_in_their_place() -> None:
    mall = make_mall()
    first, other = make(mall, grown(1)), make(mall, grown(1), title="别的")
    make(make_mall(), grown(1))
    make(None, grown(1))
    with pytest.raises(SegmentTitleTaken):
        make(mall, grown(2))
    with pytest.raises(SegmentTitleTaken):
        segments.change(other, first.title, grown(1), seen_version=1, is_nightly=True, by=BY, now=clock.now())
    segments.archive(first, now=clock.now())
    make(mall, grown(2))
    with pytest.raises(SegmentArchived):
        segments.archive(first, now=clock.now())
    with pytest.raises(SegmentArchived):
        segments.change(first, "又来", grown(1), seen_version=1, is_nightly=True, by=BY, now=clock.now())


def test_due_are_nightly_ones_that_are_old_or_mean_something_else() -> None:
    now, mall = clock.now(), make_mall()
    live, segment = make(mall, grown(1), is_nightly=False, title="实时"), make(mall, grown(1))
    assert segments.lock_due(before=now) is segment
    segments.refresh(segment, now=now)
    assert segments.lock_due(before=now) is None
    assert segments.lock_due(before=now + timedelta(hours=1)) is segment
    segments.change(segment, segment.title, grown(2), seen_version=1, is_nightly=True, by=BY, now=now)
    assert segments.lock_due(before=now) is segment
    segments.archive(segment, now=now)
    assert segments.lock_due(before=now) is None
    assert live.refreshed_at is None


def test_whoever_switches_profiling_off_is_in_plain_segments_alone() -> None:
    mall = make_mall()
    member = make_member(mall)
    grow(member, 10)
    plain = make(mall, grown(10))
    root = read({"field": "spend", "operator": "at_most", "value": 0, "days": 90})
    nightly, live = make(mall, root, title="没消费"), make(mall, root, title="实时", is_nightly=False)
    for segment in (plain, nightly):
        segments.refresh(segment, now=clock.now())
    assert ids_of(plain) == ids_of(nightly) == ids_of(live) == [member.id]
    profiles.stop_profiling(member.id, now=clock.now())
    assert (ids_of(plain), ids_of(nightly), ids_of(live)) == ([member.id], [], [])


def test_who_leaves_or_turns_out_to_be_another_is_in_no_segment() -> None:
    mall = make_mall()
    leaves, merged, stays = (make_member(mall) for _ in range(3))
    for member in (leaves, merged, stays):
        grow(member, 10)
    segment = make(mall, grown(10))
    assert segments.refresh(segment, now=clock.now()) == 3
    let_member_leave(leaves.id, told=Cost(points=0, coupons=0), now=clock.now())
    values = {"status": MemberStatus.MERGED.value, "merged_into_id": stays.id}
    db.session.execute(update(Member).where(Member.id == merged.id).values(values))
    assert set(kept(segment)) == {merged.id, stays.id}
    assert ids_of(segment) == [stays.id]
    segments.refresh(segment, now=clock.now())
    assert set(kept(segment)) == {stays.id}


def test_who_was_in_segments_out_of_use_is_forgotten() -> None:
    mall = make_mall()
    grow(make_member(mall), 10)
    over, live, stays = (make(mall, grown(10), title=title) for title in ("停用", "改实时", "在用"))
    for segment in (over, live, stays):
        segments.refresh(segment, now=clock.now())
    segments.archive(over, now=clock.now())
    segments.change(live, live.title, grown(10), seen_version=1, is_nightly=False, by=BY, now=clock.now())
    assert segments.sweep(now=clock.now()) == 2
    assert (len(kept(over)), len(kept(live)), len(kept(stays))) == (0, 0, 1)
