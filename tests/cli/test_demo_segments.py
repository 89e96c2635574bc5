"""The demo's large mall has groups of members to work with."""

from datetime import timedelta

from sqlalchemy import select

from app.access.models import Role
from app.access.scopes import Place
from app.identity.profiles import bulk
from app.identity.profiles.bulk import Children, Told
from app.identity.profiles.rules import Birthday
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.segments.models import Segment
from app.workers.segments import refreshing
from cli.demo import segments
from cli.demo.mall import Built
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff
from tests.support.clock import StillClock


def test_every_segment_is_kept_by_the_jobs_and_who_told_of_children_or_a_birthday_is_in_it(clock: StillClock) -> None:
    mall = make_mall()
    built = Built(malls={"YH": mall}, operators={"YH": make_staff(Role.OPERATIONS, Place(mall_id=mall.id))})
    parent, other = make_member(mall), make_member(mall)
    soon = app_clock.business_date(clock.now + timedelta(days=9))
    bulk.load(
        [
            Told(member_id=parent.id, at=clock.now, children=Children(bands={"age_3_6": 2}, consent_version="v")),
            Told(member_id=other.id, at=clock.now, birthday=Birthday(soon.month, soon.day)),
        ],
        channel="test",
    )

    segments.make(built, now=clock.now)
    refreshing.refresh_changed(limit=10)

    found = {one.title: one.members for one in db.session.scalars(select(Segment).where(Segment.mall_id == mall.id))}
    expected = dict.fromkeys(segments.SEGMENTS, 0) | {"有孩家庭": 1, "30 天内过生日": 1}
    assert found == expected
