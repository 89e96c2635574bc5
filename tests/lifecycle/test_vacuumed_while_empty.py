"""The first rows of a table that was vacuumed while it was empty: the planner takes it for empty and goes on doing so.

Then a statement that both fills the table and looks into it would look through all that it has written for each row:
half an hour for 200,000 members. How often a table is looked through is counted by the database itself.
"""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, literal, select, text

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import atomic, db
from app.lifecycle.segments import segments
from app.lifecycle.segments.models import Segment, SegmentMember
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import MemberStage
from app.malls.models import Mall
from tests.builders.malls import make_mall
from tests.builders.segments import make_segment

MEMBERS = 300
_LOOKED_THROUGH = text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = :table")


@pytest.fixture
def mall_id(committed_app: Flask) -> int:
    """A mall that many have joined two days ago, of whom nothing was worked out yet."""
    with atomic():
        mall = make_mall()
        joined_at = clock.now() - timedelta(days=2)
        row = {"home_mall_id": mall.id, "status": "member", "joined_at": joined_at, "created_at": joined_at}
        numbers = range(1, MEMBERS + 1)
        db.session.execute(insert(Member), [row | {"public_id": f"{number:032x}"} for number in numbers])
        mall_id = mall.id
    vacuum(MemberStage, SegmentMember)
    return mall_id


def vacuum(*tables: type) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM {table.__tablename__}"))  # type: ignore[attr-defined]


def looked_through(table: type) -> int:
    """How often the transaction at hand has read the table from end to end."""
    return int(db.session.scalar(_LOOKED_THROUGH, {"table": table.__tablename__}) or 0)  # type: ignore[attr-defined]


def test_a_first_night_looks_for_who_is_known_once(mall_id: int) -> None:
    with atomic():
        night = nights.run(clock.business_date(clock.now()) - timedelta(days=1), now=clock.now())
        assert night is not None and night.members == MEMBERS
        assert looked_through(MemberStage) < MEMBERS / 10


def test_a_first_refresh_of_a_segment_looks_for_its_members_once(mall_id: int) -> None:
    with atomic():
        segment = make_segment(db.session.get_one(Mall, mall_id), is_nightly=True)
        public_id = segment.public_id
    with atomic():
        kept = db.session.scalars(select(Segment).where(Segment.public_id == public_id)).one()
        assert segments.refresh(kept, now=clock.now()) == MEMBERS
        assert looked_through(SegmentMember) < MEMBERS / 10


def test_looking_into_what_is_being_written_reads_all_of_it_for_each_row(mall_id: int) -> None:
    """What both have been mended of, on a table of the same kind."""
    with atomic():
        segment = make_segment(db.session.get_one(Mall, mall_id), is_nightly=True)
        known = select(SegmentMember.member_id).subquery("known")
        unknown = (
            select(Member.id, literal(segment.id), literal(clock.business_date(clock.now())))
            .outerjoin(known, known.c.member_id == Member.id)
            .where(known.c.member_id.is_(None))
        )
        names = ["member_id", "segment_id", "entered_on"]
        db.session.execute(insert(SegmentMember).from_select(names, unknown))
        assert looked_through(SegmentMember) >= MEMBERS
