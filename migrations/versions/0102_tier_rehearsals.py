"""Ladders are rehearsed before they hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0102_tier_rehearsals"
down_revision = "0101_tier_benefits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tier_rehearsals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("old_document", postgresql.JSONB(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger()),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("given_up_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_tier_rehearsals_attempts")),
        sa.CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name=op.f("ck_tier_rehearsals_one_end")),
        sa.CheckConstraint("counted >= 0 AND members >= 0", name=op.f("ck_tier_rehearsals_counted")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["tier_ladders.id"], name=op.f("fk_tier_rehearsals_version_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_rehearsals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tier_rehearsals_public_id")),
    )
    waiting = sa.text("done_at IS NULL AND given_up_at IS NULL")
    op.create_index("ix_tier_rehearsals_waiting", "tier_rehearsals", ["due_at"], postgresql_where=waiting)
    dead = sa.text("given_up_at IS NOT NULL")
    op.create_index("ix_tier_rehearsals_dead", "tier_rehearsals", ["given_up_at"], postgresql_where=dead)
    op.create_index("ix_tier_rehearsals_asked_at", "tier_rehearsals", ["asked_at"])
    op.create_index("ix_tier_rehearsals_version_id", "tier_rehearsals", ["version_id"])


def downgrade() -> None:
    op.drop_table("tier_rehearsals")
