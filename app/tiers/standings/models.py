"""Who stands on which tier, from when until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class Why(StrEnum):
    """Why a standing began."""

    OPENING = "opening"  # written when standings were first kept
    RISEN = "risen"  # growth reached the tier
    LADDER = "ladder"  # a new ladder brought the member here, or gave a standing without an end one
    KEPT = "kept"  # the period's growth reached the tier again, or the ladder keeps everybody
    FALLEN = "fallen"  # the period's growth did not
    TAKEN_BACK = "taken_back"  # refunds took what the rise had stood on
    MERGED = "merged"  # another member stood here who turned out to be this one
    PARTED = "parted"  # that was wrong: back to where this one stood


class TierStanding(Model):
    """A member stands on a tier from `began_at` until another row replaces it; who has no row stands on the lowest.

    The period ends at `ends_at` (None: never); the row that follows begins at that moment, even if it is written later.
    `counted` is the growth by which it was decided (>= 0). `brought` (>= 0) is growth that its period had before it
    began, for one that goes on with the period of another: after a refund or a merge.
    """

    __tablename__ = "tier_standings"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tier_code: Mapped[str]
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    why: Mapped[str]
    counted: Mapped[int]
    brought: Mapped[int] = mapped_column(server_default="0")  # while older code still runs

    __table_args__ = (
        CheckConstraint(f"why IN ({', '.join(repr(one.value) for one in Why)})", name="why"),
        CheckConstraint("ends_at > began_at", name="period"),
        CheckConstraint("replaced_at >= began_at", name="replaced"),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("brought >= 0", name="brought"),
        Index("uq_tier_standings_current", "member_id", unique=True, postgresql_where="replaced_at IS NULL"),
        Index("ix_tier_standings_ends_at", "ends_at", postgresql_where="replaced_at IS NULL AND ends_at IS NOT NULL"),
        Index("ix_tier_standings_tier_code", "tier_code", "member_id", postgresql_where="replaced_at IS NULL"),
    )


class TierNotice(Model):
    """A member is to be told that their period ends on `ends_on` and, as things stand, takes them down to `falls_to`.

    `missing` is the growth (> 0) that would keep them; one row for each standing.
    """

    __tablename__ = "tier_notices"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    standing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    tier_code: Mapped[str]
    falls_to: Mapped[str]
    missing: Mapped[int]
    ends_on: Mapped[date]
    made_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("missing > 0", name="missing"), Index("ix_tier_notices_made_at", "made_at"))
