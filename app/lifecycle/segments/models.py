"""Segments, the versions of what they mean, and who is in those that are kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, column, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Segment(Model):
    """Members of a mall or, without one, of the group, by a definition: that of the version with the number `version`.

    A segment that `is_nightly` keeps who is in it, as of the last refreshing: `refreshed_version`, when, and how many
    members there were. Any other is looked up whenever it is asked for.
    """

    __tablename__ = "segments"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int | None] = mapped_column(ForeignKey("malls.id"))
    title: Mapped[str]
    owner_id: Mapped[int]
    owner_name: Mapped[str]
    is_nightly: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    refreshed_version: Mapped[int | None]
    refreshed_at: Mapped[datetime | None]
    members: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 30", name="title"),
        CheckConstraint("num_nulls(refreshed_version, refreshed_at, members) IN (0, 3)", name="refreshed"),
        Index(
            "uq_segments_title",
            func.coalesce(column("mall_id", BigInteger), 0),
            "title",
            unique=True,
            postgresql_where="archived_at IS NULL",
        ),
    )


class SegmentVersion(Model):
    """What a segment meant from a moment on, and who said so; rows are added, never changed."""

    __tablename__ = "segment_versions"
    __placement__ = placement.reference()

    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str]

    __table_args__ = (CheckConstraint("number > 0", name="number"),)


class SegmentMember(Model):
    """That a member was in a nightly segment when it was last refreshed, and since which of the mall's days."""

    __tablename__ = "segment_members"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)
    entered_on: Mapped[date]

    __table_args__ = (Index("ix_segment_members_segment_id", "segment_id", "member_id"),)
