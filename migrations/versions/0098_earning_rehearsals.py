"""Rules of earning are rehearsed before they are published, and the rehearsal stays with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0098_earning_rehearsals"
down_revision = "0097_read_by_member"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earning_rehearsals",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("old_document", postgresql.JSONB(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("bounds", postgresql.JSONB()),
        sa.Column("counted", sa.BigInteger(), nullable=False),
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
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_earning_rehearsals_attempts")),
        sa.CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name=op.f("ck_earning_rehearsals_one_end")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_earning_rehearsals_days")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_earning_rehearsals_counted")),
        sa.CheckConstraint(
            "done_at IS NULL OR counted = jsonb_array_length(bounds) + 1", name=op.f("ck_earning_rehearsals_whole")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_earning_rehearsals_mall_id")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["earning_rules.id"],
            name=op.f("fk_earning_rehearsals_version_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning_rehearsals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_earning_rehearsals_public_id")),
    )
    waiting = "done_at IS NULL AND given_up_at IS NULL"
    op.create_index("ix_earning_rehearsals_waiting", "earning_rehearsals", ["due_at"], postgresql_where=waiting)
    op.create_index(
        "ix_earning_rehearsals_dead",
        "earning_rehearsals",
        ["given_up_at"],
        postgresql_where="given_up_at IS NOT NULL",
    )
    op.create_index("ix_earning_rehearsals_asked_at", "earning_rehearsals", ["asked_at"])
    op.create_index("ix_earning_rehearsals_version_id", "earning_rehearsals", ["version_id"])


def downgrade() -> None:
    op.drop_table("earning_rehearsals")
