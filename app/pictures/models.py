"""Pictures by digest, their sizes, and the places that show them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement

SUBJECTS = ("mall", "campaign", "store")
MOST_BYTES = 1024 * 1024


class Picture(Model):
    """A picture as it is shown, by the digest of its largest size; it is never changed, another one takes its place.

    `touched_at` is when it was last put somewhere or taken away from there.
    """

    __tablename__ = "pictures"
    __placement__ = placement.reference()

    digest: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    touched_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("digest ~ '^[0-9a-f]{32}$'", name="digest"),
        CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name="media_type"),
        Index("ix_pictures_touched_at", "touched_at"),
    )


class PictureSize(Model):
    """A picture at one of the widths in which it is served; a small original is not blown up to it."""

    __tablename__ = "picture_sizes"
    __placement__ = placement.coordinator()

    digest: Mapped[str] = mapped_column(ForeignKey("pictures.digest"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    image: Mapped[bytes]

    __table_args__ = (CheckConstraint(f"length(image) BETWEEN 1 AND {MOST_BYTES}", name="image"),)


class PicturePlace(Model):
    """Which picture a mall, campaign or store shows in a place of theirs; `subject_id` is that row's id."""

    __tablename__ = "picture_places"
    __placement__ = placement.reference()

    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("pictures.digest"), index=True)
    placed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("subject_kind IN ('mall', 'campaign', 'store')", name="subject_kind"),)
