"""Proofs of points, the sums they rest on, and what they found to differ."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement

# What a sum belongs to that belongs to no mall.
NO_MALL = 0


class Side(StrEnum):
    """Which side of an account differs from the account."""

    ACCOUNT = "account"  # entries without an account
    ENTRIES = "entries"  # available and held less owed points are not the sum of the entries
    LOTS = "lots"  # available points are not what is left of the lots
    HOLDS = "holds"  # held points are not those of the open holds, or of what they took from lots
    RUNNING = "running"  # an entry's balance does not follow from the one before it
    WHOLE = "whole"  # what moved in between members is not what moved out; of nobody in particular


class PointsProof(Model):
    """The proof of one night: how many accounts and entries it read, what all accounts hold and owe, in points.

    `differences` counts what differs, also what is not kept one by one. `milliseconds`: how long reading took.
    """

    __tablename__ = "points_proofs"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    proved_at: Mapped[datetime]
    milliseconds: Mapped[int]
    accounts: Mapped[int]
    entries: Mapped[int]
    available_points: Mapped[int]
    held_points: Mapped[int]
    debt_points: Mapped[int]
    lots_points: Mapped[int]
    differences: Mapped[int]

    __table_args__ = (CheckConstraint("differences >= 0 AND accounts >= 0 AND entries >= 0", name="counts"),)


class PointsProofSum(Model):
    """What the entries of one way (`ways.Way`) come to, up to a proof: points of a mall, signed as entries are.

    `mall_id` is 0 for what belongs to no mall: what ran out, was forfeited or moved.
    """

    __tablename__ = "points_proof_sums"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(ForeignKey("points_proofs.day", ondelete="CASCADE"), primary_key=True)
    mall_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    way: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
    entries: Mapped[int]


class PointsDifference(Model):
    """Something that a proof found to differ: what is expected and what is there, in points.

    `member_id` is whose account it is, null for the whole; `entry_id` the first entry whose balance is wrong.
    """

    __tablename__ = "points_differences"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    day: Mapped[date] = mapped_column(ForeignKey("points_proofs.day", ondelete="CASCADE"))
    side: Mapped[str]
    member_id: Mapped[int | None]
    entry_id: Mapped[int | None]
    expected_points: Mapped[int]
    found_points: Mapped[int]
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("side IN ('account', 'entries', 'lots', 'holds', 'running', 'whole')", name="side"),
        CheckConstraint("expected_points <> found_points", name="differs"),
        Index("ix_points_differences_day", "day", "position"),
    )
