"""Lists that are too long to wait for are made into files in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0046_list_files"
down_revision = "0045_store_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.BigInteger()),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("given_up_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_list_files_public_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_list_files_staff_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_list_files_mall_id")),
        sa.CheckConstraint("kind IN ('csv', 'xlsx')", name=op.f("ck_list_files_kind")),
        sa.CheckConstraint("(done_at IS NULL) = (size_bytes IS NULL)", name=op.f("ck_list_files_made")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_list_files_attempts")),
        sa.CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name=op.f("ck_list_files_one_end")),
    )
    waiting = "done_at IS NULL AND given_up_at IS NULL"
    op.create_index("ix_list_files_waiting", "list_files", ["due_at"], postgresql_where=waiting)
    op.create_index("ix_list_files_dead", "list_files", ["given_up_at"], postgresql_where="given_up_at IS NOT NULL")
    op.create_index("ix_list_files_staff_id", "list_files", ["staff_id", "mall_id", "id"])
    op.create_index("ix_list_files_asked_at", "list_files", ["asked_at"])
    op.create_table(
        "list_file_parts",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_list_file_parts")),
        sa.ForeignKeyConstraint(["file_id"], ["list_files.id"], name=op.f("fk_list_file_parts_file_id")),
    )


def downgrade() -> None:
    op.drop_table("list_file_parts")
    op.drop_table("list_files")
