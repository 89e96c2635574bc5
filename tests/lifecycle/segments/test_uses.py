"""Where a segment is used: what stands on it keeps it in use, and none stands on itself."""

import pytest

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.segments import queries, segments, uses
from app.lifecycle.segments.errors import SegmentCircle, SegmentUsed
from app.lifecycle.segments.models import Segment
from app.malls.models import Mall
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.segments import BY, JOINED_LATELY, make_segment, read_definition


def of(segment: Segment, operator: str = "any_of") -> dict[str, object]:
    return {"field": "segment", "operator": operator, "value": [str(segment.id)]}


def found(segment: Segment) -> set[int]:
    return {one.id for one in queries.list_members(segment, now=clock.now())}


def change(segment: Segment, root: dict[str, object], *, is_nightly: bool = True) -> None:
    node, seen = read_definition({"all": [root]}), segment.version
    segments.change(segment, segment.title, node, is_nightly=is_nightly, seen_version=seen, by=BY, now=clock.now())


@pytest.fixture
def mall() -> Mall:
    return make_mall()


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_member(mall)


def test_a_segment_stands_on_another_as_it_was_kept_last(mall: Mall, member: Member) -> None:
    below = make_segment(None, title="下层", is_nightly=True)
    above = make_segment(None, of(below), title="上层")
    rest = make_segment(None, of(below, "none_of"), title="其余")
    assert found(above) == set() and member.id in found(rest)
    segments.refresh(below, now=clock.now())
    assert member.id in found(above) and member.id not in found(rest)


def test_what_is_used_stays_in_use_and_kept(mall: Mall) -> None:
    below = make_segment(None, title="下层", is_nightly=True)
    assert uses.list_uses(below) == []
    above = make_segment(None, {"all": [JOINED_LATELY, {"any": [of(below)]}]}, title="上层")
    [(kind, use)] = uses.list_uses(below)
    assert (kind, use.title, use.path) == ("segment", "上层", f"/segments/{above.public_id}")
    with pytest.raises(SegmentUsed) as refused:
        segments.archive(below, now=clock.now())
    assert refused.value.facts == {"places": ["上层"]}
    with pytest.raises(SegmentUsed):
        change(below, JOINED_LATELY, is_nightly=False)
    segments.archive(above, now=clock.now())
    segments.archive(below, now=clock.now())
    assert below.archived_at is not None


def test_no_segment_stands_on_itself(mall: Mall) -> None:
    one = make_segment(None, title="甲", is_nightly=True)
    two = make_segment(None, of(one), title="乙", is_nightly=True)
    with pytest.raises(SegmentCircle):
        change(one, of(one))
    db.session.refresh(one)
    with pytest.raises(SegmentCircle):
        change(one, of(two))
