"""Imports through the console: files, their pieces, and how headings were understood."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040_imports"
down_revision = "0039_faces"
branch_labels = None
depends_on = None

STATUSES = (
    "status IN ('receiving', 'reading', 'asking', 'ready', 'checking', 'checked', 'running', 'done',"
    " 'cancelled', 'refused', 'failed')"
)
KINDS = "kind IN ('stores', 'members', 'purchases')"


def moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), sa.ForeignKey("malls.id"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        number("size_bytes"),
        sa.Column("digest", sa.Text()),
        sa.Column("encoding", sa.Text()),
        sa.Column("sheet", sa.Text()),
        *map(json, ("sheets", "headings", "layout", "options", "problem")),
        *map(number, ("rows", "rows_done")),
        *map(json, ("foreseen", "counts")),
        moment("uploaded_at", nullable=False),
        *map(moment, ("begun_at", "cancel_asked_at", "cleared_at")),
        number("failures"),
        moment("due_at", nullable=False),
        number("attempts"),
        sa.Column("last_error", sa.Text()),
        *map(moment, ("done_at", "given_up_at")),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name="one_end"),
        sa.CheckConstraint(KINDS, name="kind"),
        sa.CheckConstraint(STATUSES, name="status"),
        sa.CheckConstraint("(done_at IS NOT NULL) = (status IN ('done', 'cancelled', 'refused'))", name="done_at"),
        sa.CheckConstraint("(given_up_at IS NOT NULL) = (status = 'failed')", name="given_up_at"),
        sa.CheckConstraint("size_bytes > 0", name="size_bytes"),
        sa.CheckConstraint("rows >= 0 AND rows_done >= 0", name="rows"),
        sa.CheckConstraint("failures >= 0", name="failures"),
    )
    waiting, dead = "done_at IS NULL AND given_up_at IS NULL", "given_up_at IS NOT NULL"
    op.create_index("ix_imports_waiting", "imports", ["due_at"], postgresql_where=waiting)
    op.create_index("ix_imports_dead", "imports", ["given_up_at"], postgresql_where=dead)
    op.create_index("ix_imports_staff_id", "imports", ["staff_id"])
    op.create_index("ix_imports_mall_id_id", "imports", ["mall_id", "id"])
    op.create_index("ix_imports_kept", "imports", ["uploaded_at"], postgresql_where="cleared_at IS NULL")
    op.create_table(
        "import_pieces",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("import_id", sa.BigInteger(), sa.ForeignKey("imports.id"), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        number("number"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("import_id", "part", "number"),
        sa.CheckConstraint("part IN ('source', 'text', 'checked', 'rejected')", name="part"),
        sa.CheckConstraint("number >= 0", name="number"),
    )
    op.create_table(
        "import_layouts",
        sa.Column("mall_id", sa.BigInteger(), sa.ForeignKey("malls.id"), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("headings_digest", sa.Text(), primary_key=True),
        json("layout"),
        json("options"),
        moment("said_at", nullable=False),
        sa.CheckConstraint(KINDS, name="kind"),
    )


def downgrade() -> None:
    op.drop_table("import_layouts")
    op.drop_table("import_pieces")
    op.drop_table("imports")
