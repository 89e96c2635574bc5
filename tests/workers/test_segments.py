"""Nightly segments are refreshed, each in a transaction of its own."""

from sqlalchemy import select, update

from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.segments import queries, reading, segments
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment, SegmentMember, SegmentVersion
from app.lifecycle.segments.segments import Author
from app.workers.segments import refreshing
from tests.builders.identity import make_member
from tests.support.clock import StillClock


def make(title: str) -> Segment:
    data = {"version": 1, "root": {"field": "joined", "operator": "within", "value": 30}}
    root = reading.read(data, all_fields(), mall_id=None)
    by = Author(staff_id=1, name="王芳")
    return segments.create(title, root, mall_id=None, is_nightly=True, by=by, now=app_clock.now())


def test_new_segments_are_refreshed_soon_and_all_once_a_day(clock: StillClock) -> None:
    make_member()
    first, second = make("一"), make("二")
    assert refreshing.refresh_changed(limit=1) == 1
    assert refreshing.refresh_changed(limit=9) == 1
    assert refreshing.refresh_changed(limit=9) == refreshing.refresh_all(limit=9) == 0
    assert (first.members, second.members) == (1, 1)
    clock.advance(days=31)
    assert refreshing.refresh_changed(limit=9) == 0
    assert refreshing.refresh_all(limit=9) == 2
    assert (first.members, second.members) == (0, 0)
    assert db.session.scalars(select(SegmentMember)).all() == []


def test_segment_that_cannot_be_read_any_more_keeps_nobody_else_from_being_refreshed() -> None:
    make_member()
    gone, fine = make("一"), make("二")
    db.session.execute(
        update(SegmentVersion)
        .where(SegmentVersion.segment_id == gone.id)
        .values(definition={"version": 1, "root": {"field": "gone", "operator": "yes"}})
    )
    db.session.expire_all()
    assert refreshing.refresh_changed(limit=9) == 2
    assert (gone.members, fine.members) == (0, 1)
    assert queries.list_segments(Segment.refreshed_at.is_(None)).items == []
