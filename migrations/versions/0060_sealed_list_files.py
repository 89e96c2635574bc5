"""What lists are made into lies sealed, because rows of imports are among it; files made before are asked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0060_sealed_list_files"
down_revision = "0059_gifts_used"
branch_labels = None
depends_on = None

TABLE = "list_file_parts"


def upgrade() -> None:
    _forget_made()
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_file_parts")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_list_file_parts_file_id_number")),
        sa.ForeignKeyConstraint(["file_id"], ["list_files.id"], name=op.f("fk_list_file_parts_file_id")),
    )


def downgrade() -> None:
    _forget_made()
    op.create_table(
        TABLE,
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_list_file_parts")),
        sa.ForeignKeyConstraint(["file_id"], ["list_files.id"], name=op.f("fk_list_file_parts_file_id")),
    )


def _forget_made() -> None:
    """A migration has no keys to seal with; what still waits is made as it was asked for."""
    op.drop_table(TABLE)
    op.execute("DELETE FROM list_files WHERE done_at IS NOT NULL")
