"""Lists as files, and their contents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class ListFile(Queued, Model):
    """A list of a mall, or something else of many rows, that a person asked for as a file.

    `listing` is the list's name, `about` and `about_name` the key and name of the one thing it is about, if it is, and
    `query` what its address asked; `kind` is csv or xlsx. `row_count` and `size_bytes` are known when it is made.
    """

    __tablename__ = "list_files"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    listing: Mapped[str]
    about: Mapped[str | None]
    about_name: Mapped[str | None]
    query: Mapped[str]
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    row_count: Mapped[int | None]
    size_bytes: Mapped[int | None]

    __table_args__ = (
        *outbox.table_args("list_files"),
        CheckConstraint("kind IN ('csv', 'xlsx')", name="kind"),
        CheckConstraint("(done_at IS NULL) = (size_bytes IS NULL)", name="made"),
        Index("ix_list_files_staff_id", "staff_id", "mall_id", "id"),
        Index("ix_list_files_asked_at", "asked_at"),
    )


class ListFilePart(Model):
    """A piece of a file's content, sealed; apart from what lists of files read."""

    __tablename__ = "list_file_parts"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    file_id: Mapped[int] = mapped_column(ForeignKey("list_files.id"))
    number: Mapped[int]
    sealed: Mapped[bytes]

    __table_args__ = (UniqueConstraint("file_id", "number"),)
