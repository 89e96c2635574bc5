"""Imports, the pieces of their files, and how headings were understood before."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class Kind(StrEnum):
    """What a file holds."""

    STORES = "stores"
    MEMBERS = "members"
    PURCHASES = "purchases"
    FOOTFALL = "footfall"
    TOTALS = "totals"


class Status(StrEnum):
    """An import's life."""

    RECEIVING = "receiving"  # pieces of the file are still to come; next: reading
    READING = "reading"  # a worker finds out what the file is; next: asking, ready, refused
    ASKING = "asking"  # people must say how it is written; next: reading
    READY = "ready"  # people choose what its columns are; next: checking
    CHECKING = "checking"  # a worker counts what an import would do; next: checked
    CHECKED = "checked"  # people look at that; next: running, or ready again
    RUNNING = "running"  # a worker brings it in, batch by batch; next: done, cancelled
    DONE = "done"  # the end
    CANCELLED = "cancelled"  # the end: somebody stopped it; what was in by then stays
    REFUSED = "refused"  # the end: it is no table that can be read
    FAILED = "failed"  # a worker gave up; next: what it was doing, when somebody says so


class Part(StrEnum):
    """What a piece is a piece of."""

    SOURCE = "source"  # the file as it came
    TEXT = "text"  # a workbook's sheet as text
    CHECKED = "checked"  # rows that the check would reject, a batch each
    REJECTED = "rejected"  # rows that the run rejected, a batch each


ENDS = (Status.DONE, Status.CANCELLED, Status.REFUSED)


class Import(Queued, Model):
    """A file and what became of it. `layout` says which of its columns are ours, `options` what is to follow from it.

    `rows` are those below its header, `rows_done` those that the worker at hand has passed; `foreseen` and `counts` are
    the tallies of the check and of the run. `problem` is why it was refused or is asked about, or what a worker
    was doing when it gave up. `cleared_at`: the bytes are gone.
    """

    __tablename__ = "imports"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    kind: Mapped[str]
    status: Mapped[str]
    file_name: Mapped[str]
    size_bytes: Mapped[int]
    digest: Mapped[str | None]
    encoding: Mapped[str | None]
    sheet: Mapped[str | None]
    sheets: Mapped[list[str]]
    headings: Mapped[list[str]]
    layout: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any]]
    rows: Mapped[int]
    rows_done: Mapped[int]
    foreseen: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    failures: Mapped[int]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    __table_args__ = (
        *outbox.table_args("imports"),
        CheckConstraint("kind IN ('stores', 'members', 'purchases', 'footfall')", name="kind"),
        CheckConstraint(
            "status IN ('receiving', 'reading', 'asking', 'ready', 'checking', 'checked', 'running', 'done',"
            " 'cancelled', 'refused', 'failed')",
            name="status",
        ),
        CheckConstraint("(done_at IS NOT NULL) = (status IN ('done', 'cancelled', 'refused'))", name="done_at"),
        CheckConstraint("(given_up_at IS NOT NULL) = (status = 'failed')", name="given_up_at"),
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        CheckConstraint("rows >= 0 AND rows_done >= 0", name="rows"),
        CheckConstraint("failures >= 0", name="failures"),
        Index("ix_imports_mall_id_id", "mall_id", "id"),
        Index("ix_imports_kept", "uploaded_at", postgresql_where="cleared_at IS NULL"),
    )


class ImportPiece(Model):
    """A part of a file, or of what is told of its rows, sealed; apart from the imports so that lists stay quick."""

    __tablename__ = "import_pieces"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    part: Mapped[str]
    number: Mapped[int]
    sealed: Mapped[bytes]

    __table_args__ = (
        UniqueConstraint("import_id", "part", "number"),
        CheckConstraint("part IN ('source', 'text', 'checked', 'rejected')", name="part"),
        CheckConstraint("number >= 0", name="number"),
    )


class ImportLayout(Model):
    """What a mall's people last said about files of a kind with these headings."""

    __tablename__ = "import_layouts"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    headings_digest: Mapped[str] = mapped_column(primary_key=True)
    layout: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    said_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("kind IN ('stores', 'members', 'purchases', 'footfall')", name="kind"),)
