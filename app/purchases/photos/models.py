"""Photographs of receipts, apart from what became of them, and how each looks from afar."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.purchases.claims import seconds
from app.purchases.claims.seconds import Checked

MOST_BYTES = 1024 * 1024
_OPEN = "state IN ('pending', 'checked')"


class State(StrEnum):
    """How a photographed receipt stands."""

    PENDING = "pending"  # nobody has read it; next: any of the others
    CHECKED = "checked"  # somebody has read it, and a second person has to; next: approved, rejected, withdrawn
    APPROVED = "approved"  # it is the member's purchase
    REJECTED = "rejected"  # for the reason told
    WITHDRAWN = "withdrawn"  # by the member, before anybody had decided


OPEN = (State.PENDING.value, State.CHECKED.value)


class ReceiptPhoto(Checked, Model):
    """A member photographed a receipt; the photograph itself stands apart, until `image_gone_at`.

    `proposal` is what a program read on it, as `proposing.Proposal` writes it, since `read_at`. What people read on it
    are `store_id`, `receipt_no`, `amount_fen` (> 0), `business_day` and, where it was printed, `printed_at`. A sum that
    needs two people was `checked_…` by the first of them. `claim_id`: the member's claim that it proves. `fact` names
    the purchase in ledgers; `reason` is the code of why it was rejected, with `note` in somebody's words.
    """

    __tablename__ = "receipt_photos"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    mall_id: Mapped[int]
    claim_id: Mapped[int | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    receipt_no: Mapped[str | None]
    amount_fen: Mapped[int | None]
    business_day: Mapped[date | None]
    printed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    fact: Mapped[str | None]
    image_gone_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["member_id", "claim_id"],
            ["receipt_claims.member_id", "receipt_claims.id"],
            name="fk_receipt_photos_claim",
        ),
        CheckConstraint("state IN ('pending', 'checked', 'approved', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint(f"({_OPEN}) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_for"),
        CheckConstraint("(state = 'approved') = (fact IS NOT NULL)", name="approved_as"),
        CheckConstraint("num_nulls(store_id, receipt_no, amount_fen, business_day) IN (0, 4)", name="seen"),
        CheckConstraint("state NOT IN ('checked', 'approved') OR store_id IS NOT NULL", name="seen_in"),
        *seconds.constraints(),
        CheckConstraint("state <> 'checked' OR checked_at IS NOT NULL", name="first"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_receipt_photos_member_id_created_at", "member_id", "created_at"),
        Index("ix_receipt_photos_mall_id_created_at", "mall_id", "created_at", "member_id", "id"),
        Index("ix_receipt_photos_open", "mall_id", "created_at", "member_id", "id", postgresql_where=_OPEN),
        Index("ix_receipt_photos_public_id", "public_id"),
        Index("ix_receipt_photos_unread", "created_at", postgresql_where=f"read_at IS NULL AND {_OPEN}"),
        Index("ix_receipt_photos_kept", "created_at", postgresql_where="image_gone_at IS NULL"),
        Index(
            "uq_receipt_photos_claim",
            "member_id",
            "claim_id",
            unique=True,
            postgresql_where=f"claim_id IS NOT NULL AND {_OPEN}",
        ),
    )


class ReceiptPhotoImage(Model):
    """The photograph, a JPEG drawn anew from the pixels that came: it says nothing of the phone or the place."""

    __tablename__ = "receipt_photo_images"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(primary_key=True)
    image: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "photo_id"], ["receipt_photos.member_id", "receipt_photos.id"]),
        CheckConstraint(f"length(image) BETWEEN 1 AND {MOST_BYTES}", name="image"),
    )


class ReceiptPhotoPrint(Model):
    """How a photograph that came at `sent_at` looks, by its public id; it shows nothing of what is on it.

    It stays after the photograph, as long as its receipt could be brought again, so that what was decided on is not
    decided twice; of who has left it stays under an id that names nothing. One that was taken back leaves none.
    `number`: in a mall they are numbered in the order in which they were committed. `digest` is that of the file,
    `inner_print` the signs of the photograph without its sides, `strips` those of its strips (`strips.Strips`); what
    came before there were any has none. `alike`: public ids of those that people should look at beside it.
    """

    __tablename__ = "receipt_photo_prints"
    __placement__ = placement.coordinator()

    public_id: Mapped[str] = mapped_column(primary_key=True)
    mall_id: Mapped[int]
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    sent_at: Mapped[datetime] = mapped_column(server_default=func.now())  # while older code still runs
    digest: Mapped[str | None]
    inner_print: Mapped[str | None]
    strips: Mapped[list[int | None] | None] = mapped_column(ARRAY(Integer))
    alike: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")

    # Written by older code while it still runs; read by nothing here.
    print: Mapped[str | None]
    bands: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    keys: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))

    __table_args__ = (
        CheckConstraint("print ~ '^[0-9a-f]{64}$'", name="print"),
        CheckConstraint("digest ~ '^[0-9a-f]{32}$'", name="digest"),
        CheckConstraint("inner_print ~ '^[0-9a-f]{64}$'", name="inner_print"),
        CheckConstraint("cardinality(strips) = 24", name="strips"),
        Index("uq_receipt_photo_prints_number", "mall_id", "number", unique=True),
        Index("ix_receipt_photo_prints_alike", "alike", postgresql_using="gin", postgresql_where="alike <> '{}'"),
        Index("ix_receipt_photo_prints_sent_at", "sent_at"),
    )


class ReceiptPhotoKey(Model):
    """A number (`photos.keys`) by which a print of the mall is found; it goes with its print.

    A table of narrow rows, not a list beside the print: of a key that ten thousand screenshots share only the latest
    few are read, which no index of lists can do.
    """

    __tablename__ = "receipt_photo_keys"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
