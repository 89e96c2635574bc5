"""Points accounts, entries, lots and holds.

What always holds of an account, and `app.points.proof` proves every night:

- available + held - debt = the sum of its entries. Points that are held are still the member's, so holding and
  releasing write no entry; a capture is the spending and writes one.
- available = what remains of its lots, and held = what its open holds took from lots.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class EntryKind(StrEnum):
    """What an entry does to the balance."""

    ACCRUE = "accrue"  # earned; opens a lot
    REDEEM = "redeem"  # spent, earliest expiry first
    REVERSE = "reverse"  # undoes a named entry
    EXPIRE = "expire"  # a lot ran out
    ADJUST = "adjust"  # a debt that came back with somebody who had left, or that a person forgave
    FORFEIT = "forfeit"  # given up by a member who leaves; only after notice
    MOVE = "move"  # to or from another member who was found to be the same person


class PointsAccount(Model):
    """A member's balance: points that can be spent, points set aside by open holds (冻结), and points owed after a
    refund of already spent ones.
    """

    __tablename__ = "points_accounts"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    available_points: Mapped[int]
    held_points: Mapped[int]
    debt_points: Mapped[int]

    __table_args__ = (
        CheckConstraint("available_points >= 0", name="available"),
        CheckConstraint("held_points >= 0", name="held"),
        CheckConstraint("debt_points >= 0", name="debt"),
    )


class PointsEntry(Model):
    """One signed movement (+ earned, - spent or taken back), unique by fact; `balance_after` = available + held - debt.

    `breakdown`: why a purchase earned so many, see `earning.documents`; null where nothing was worked out.
    """

    __tablename__ = "points_entries"
    __placement__ = placement.by_member(left_out={"append_only": placement.NO_TRIGGER})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    points: Mapped[int]
    balance_after: Mapped[int]
    reason_code: Mapped[str]
    reason_facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    breakdown: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    fact: Mapped[str]
    mall_id: Mapped[int | None]
    store_id: Mapped[int | None]
    reverses_id: Mapped[int | None]
    occurred_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("member_id", "fact"),
        ForeignKeyConstraint(["member_id", "reverses_id"], ["points_entries.member_id", "points_entries.id"]),
        CheckConstraint("kind IN ('accrue', 'redeem', 'reverse', 'expire', 'adjust', 'forfeit', 'move')", name="kind"),
        CheckConstraint("points <> 0", name="points"),
        Index("ix_points_entries_mall_id_occurred_at", "mall_id", "occurred_at", "member_id", "id"),
        Index(
            "ix_points_entries_not_earned",
            "mall_id",
            "occurred_at",
            "member_id",
            "id",
            postgresql_where="kind <> 'accrue'",
        ),
    )


class PointsLot(Model):
    """Points earned together, spent earliest expiry first; `remaining_points` falls to zero.

    `expires_on` is the last day, `expiry.rules.NEVER` for points that never run out. `is_grace`: points that returned
    after the last day of their own lot, of the same entry, and are good a while longer.
    """

    __tablename__ = "points_lots"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entry_id: Mapped[int]
    points: Mapped[int]
    remaining_points: Mapped[int]
    expires_on: Mapped[date]
    is_grace: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "entry_id"], ["points_entries.member_id", "points_entries.id"]),
        CheckConstraint("remaining_points BETWEEN 0 AND points", name="remaining"),
        Index("ix_points_lots_due", "expires_on", "member_id", postgresql_where="remaining_points > 0"),
        Index(
            "ix_points_lots_open",
            "member_id",
            "expires_on",
            "id",
            postgresql_where="remaining_points > 0",
            # So that the proof reads no lot. No update is dearer for it: the condition names the column already.
            postgresql_include=["remaining_points"],
        ),
    )


class PointsUse(Model):
    """How many points a spending entry took from a lot; what a reversal gives back."""

    __tablename__ = "points_uses"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "entry_id"], ["points_entries.member_id", "points_entries.id"]),
        ForeignKeyConstraint(["member_id", "lot_id"], ["points_lots.member_id", "points_lots.id"]),
        CheckConstraint("points > 0", name="points"),
    )


class HoldStatus(StrEnum):
    """What became of a hold."""

    OPEN = "open"  # the points are set aside; next: any of the others
    CAPTURED = "captured"  # spent, wholly or in part
    RELEASED = "released"  # given back by an act
    LAPSED = "lapsed"  # given back because its time was over


class PointsHold(Model):
    """Points (> 0) set aside for a spending that can still be given back; unique by fact, as is what it is captured by.

    `until`: from this moment on it counts for nothing, null for one that only an act ends. Once closed, `points` =
    captured + returned to lots + paid of what the member owed by then.
    """

    __tablename__ = "points_holds"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    fact: Mapped[str]
    status: Mapped[str]
    points: Mapped[int]
    captured_points: Mapped[int]
    returned_points: Mapped[int]
    repaid_points: Mapped[int]
    reason_code: Mapped[str]
    reason_facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    mall_id: Mapped[int | None]
    store_id: Mapped[int | None]
    held_at: Mapped[datetime]
    until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("member_id", "fact"),
        CheckConstraint("status IN ('open', 'captured', 'released', 'lapsed')", name="status"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("captured_points >= 0 AND returned_points >= 0 AND repaid_points >= 0", name="parts"),
        CheckConstraint(
            "captured_points + returned_points + repaid_points = CASE status WHEN 'open' THEN 0 ELSE points END",
            name="whole",
        ),
        CheckConstraint("(status = 'captured') = (captured_points > 0)", name="captured"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed"),
        Index("ix_points_holds_open", "member_id", "id", postgresql_where="status = 'open'"),
        Index("ix_points_holds_until", "until", "member_id", postgresql_where="status = 'open'"),
        Index("ix_points_holds_mall_id_held_at", "mall_id", "held_at", "member_id", "id"),
    )


class PointsHoldUse(Model):
    """How many points a hold took from a lot; what its end gives back, or spends."""

    __tablename__ = "points_hold_uses"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    hold_id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "hold_id"], ["points_holds.member_id", "points_holds.id"]),
        ForeignKeyConstraint(["member_id", "lot_id"], ["points_lots.member_id", "points_lots.id"]),
        CheckConstraint("points > 0", name="points"),
    )
