"""Questions about everybody's stages under other rules or at past dates, answered in the background."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0073_lifecycle_restatements"
down_revision = "0072_footfall_files"
branch_labels = None
depends_on = None

TABLE = "lifecycle_restatements"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("question", postgresql.JSONB(), nullable=False),
        sa.Column("comparisons", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("given_up_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_restatements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lifecycle_restatements_public_id")),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{TABLE}_{name}")) for name, text in CHECKS.items()),
    )
    waiting = "done_at IS NULL AND given_up_at IS NULL"
    op.create_index(f"ix_{TABLE}_waiting", TABLE, ["due_at"], postgresql_where=waiting)
    op.create_index(f"ix_{TABLE}_dead", TABLE, ["given_up_at"], postgresql_where="given_up_at IS NOT NULL")
    op.create_index(f"ix_{TABLE}_fingerprint", TABLE, ["fingerprint", "asked_at"])
    op.create_index(f"ix_{TABLE}_asked_at", TABLE, ["asked_at"])


CHECKS = {
    "attempts": "attempts >= 0",
    "one_end": "done_at IS NULL OR given_up_at IS NULL",
    "kind": "kind IN ('rules', 'past')",
    "progress": "jsonb_array_length(answers) <= comparisons AND comparisons > 0",
    "whole": "done_at IS NULL OR jsonb_array_length(answers) = comparisons",
}


def downgrade() -> None:
    op.drop_table(TABLE)
