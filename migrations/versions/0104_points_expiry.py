"""How long points are good, as versions; grace for what returns too late; notices of what runs out."""

import sqlalchemy as sa
from alembic import op

revision = "0104_points_expiry"
down_revision = "0103_receipt_claims"
branch_labels = None
depends_on = None

POLICIES, NOTICES, LOTS = "points_expiry_policies", "points_expiry_notices", "points_lots"
IS_OPEN = "remaining_points > 0"


def upgrade() -> None:
    op.create_table(
        POLICIES,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=True),
        sa.Column("grace_days", sa.BigInteger(), nullable=False),
        sa.Column("notice_days", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_expiry_policies")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_points_expiry_policies_effective_from")),
        sa.CheckConstraint(
            "until IN ('end_of_next_year', 'months', 'never')", name=op.f("ck_points_expiry_policies_until")
        ),
        sa.CheckConstraint(
            "(until = 'months') = (months IS NOT NULL)", name=op.f("ck_points_expiry_policies_months_set")
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 120", name=op.f("ck_points_expiry_policies_months")),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 365", name=op.f("ck_points_expiry_policies_grace")),
        sa.CheckConstraint("notice_days BETWEEN 1 AND 90", name=op.f("ck_points_expiry_policies_notice")),
    )
    op.create_table(
        NOTICES,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "expires_on", name=op.f("pk_points_expiry_notices")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_expiry_notices_member_id")),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_expiry_notices_points")),
    )
    op.create_index("ix_points_expiry_notices_expires_on", NOTICES, ["expires_on", "member_id"])
    op.add_column(LOTS, sa.Column("is_grace", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column(LOTS, "is_grace", server_default=None)
    op.create_index("ix_points_lots_due", LOTS, ["expires_on", "member_id"], postgresql_where=IS_OPEN)


def downgrade() -> None:
    op.drop_index("ix_points_lots_due", table_name=LOTS, postgresql_where=IS_OPEN)
    op.drop_column(LOTS, "is_grace")
    op.drop_table(NOTICES)
    op.drop_table(POLICIES)
