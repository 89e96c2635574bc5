"""What members may be known again by, pairs that share something of it, and how far the search has come."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class Outcome(StrEnum):
    """What became of a pair."""

    FAINT = "faint"  # too little in common to ask anybody
    CERTAIN = "certain"  # will be merged by a worker, as soon as nothing is in the way
    DOUBTFUL = "doubtful"  # people will be asked
    ASKED = "asked"  # people are asked, as a case
    APART = "apart"  # somebody said that they are two people
    MERGED = "merged"  # they are one


class MemberSign(Model):
    """Something of a member that another may share: a keyed digest of a plate, a name with a birthday and the like.

    `noted` ones were seen as they happened and stay; the others are read anew from what the member has.
    """

    __tablename__ = "member_signs"
    __placement__ = placement.coordinator(left_out={"fk_member_signs_member_id": placement.FROM_COORDINATOR})

    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    noted: Mapped[bool]

    __table_args__ = (Index("ix_member_signs_member_id", "member_id"),)


class MemberPair(Model):
    """Two joined members who share something, the smaller number first.

    `evidence` says of each kind of sign how many values they share, `against` what speaks for two people (codes),
    `confidence_bps` how likely they are one. `answered` is the evidence that somebody saw who told them apart.
    """

    __tablename__ = "member_pairs"
    __placement__ = placement.coordinator(
        left_out={
            "fk_member_pairs_one_id": placement.FROM_COORDINATOR,
            "fk_member_pairs_other_id": placement.FROM_COORDINATOR,
        }
    )

    one_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    evidence: Mapped[dict[str, int]] = mapped_column(JSONB)
    against: Mapped[list[str]] = mapped_column(JSONB)
    confidence_bps: Mapped[int]
    outcome: Mapped[str]
    answered: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("one_id < other_id", name="ascending"),
        CheckConstraint("confidence_bps BETWEEN 0 AND 10000", name="confidence_bps"),
        CheckConstraint(
            "outcome IN ('faint', 'certain', 'doubtful', 'asked', 'apart', 'merged')",
            name="outcome",
        ),
        CheckConstraint("(outcome = 'apart') = (answered IS NOT NULL)", name="answered"),
        Index("ix_member_pairs_other_id", "other_id"),
        Index(
            "ix_member_pairs_waiting",
            "outcome",
            "changed_at",
            "one_id",
            "other_id",
            postgresql_where="outcome IN ('certain', 'doubtful')",
        ),
    )


class MemberToCompare(Model):
    """A member who is new or has changed since they were last compared with the others."""

    __tablename__ = "members_to_compare"
    __placement__ = placement.coordinator(left_out={"fk_members_to_compare_member_id": placement.FROM_COORDINATOR})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)


class DuplicateSearch(Model):
    """How far changes have been looked through, in a single row; whoever searches holds it."""

    __tablename__ = "duplicate_search"
    __placement__ = placement.coordinator()

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_until: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)
