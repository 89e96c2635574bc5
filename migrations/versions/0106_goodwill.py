"""Points given by hand over a limit: asked for, agreed to by a second person; and a mall's monthly budget."""

import sqlalchemy as sa
from alembic import op

revision = "0106_goodwill"
down_revision = "0105_till_totals"
branch_labels = None
depends_on = None

ACTS, REQUESTS, BUDGETS = "care_acts", "care_requests", "goodwill_budgets"


def upgrade() -> None:
    op.create_table(
        REQUESTS,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("over", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("points <> 0", name=op.f("ck_care_requests_points")),
        sa.CheckConstraint("over IN ('once', 'member', 'person', 'budget')", name=op.f("ck_care_requests_over")),
        sa.CheckConstraint("status IN ('waiting', 'approved', 'declined')", name=op.f("ck_care_requests_status")),
        sa.CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_care_requests_decided")),
        sa.CheckConstraint("decided_by_id <> staff_id", name=op.f("ck_care_requests_second")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_care_requests_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_care_requests")),
    )
    op.create_table(
        BUDGETS,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_goodwill_budgets_points")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_goodwill_budgets_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goodwill_budgets")),
        sa.UniqueConstraint("mall_id", "effective_from", name=op.f("uq_goodwill_budgets_mall_id_effective_from")),
    )
    op.add_column(ACTS, sa.Column("approved_by_id", sa.BigInteger(), nullable=True))
    op.add_column(ACTS, sa.Column("approved_by", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_care_acts_approved"), ACTS, "approved_by_id <> staff_id")
    op.create_index("ix_care_acts_mall_id_done_at", ACTS, ["mall_id", "done_at"])


def downgrade() -> None:
    op.drop_index("ix_care_acts_mall_id_done_at", table_name=ACTS)
    op.drop_constraint(op.f("ck_care_acts_approved"), ACTS)
    op.drop_column(ACTS, "approved_by")
    op.drop_column(ACTS, "approved_by_id")
    op.drop_table(BUDGETS)
    op.drop_table(REQUESTS)
