"""Why members stay away: as it was judged, and as people corrected it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0068_sleep_causes"
down_revision = "0067_segments"
branch_labels = None
depends_on = None

CAUSES = "cause IN ('price', 'scene', 'experience', 'interest', 'unknown')"


def upgrade() -> None:
    op.create_table(
        "sleep_causes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("silent_since", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("confidence_bps", sa.BigInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("corrected_cause", sa.Text()),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_sleep_causes")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sleep_causes_member_id")),
        sa.CheckConstraint(CAUSES, name=op.f("ck_sleep_causes_cause")),
        sa.CheckConstraint(f"corrected_{CAUSES}", name=op.f("ck_sleep_causes_corrected_cause")),
        sa.CheckConstraint("confidence_bps BETWEEN 0 AND 10000", name=op.f("ck_sleep_causes_confidence")),
    )
    op.create_index("ix_sleep_causes_home_mall_id", "sleep_causes", ["home_mall_id", "member_id"])
    op.create_table(
        "sleep_cause_corrections",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("silent_since", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_sleep_cause_corrections")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sleep_cause_corrections_member_id")),
        sa.CheckConstraint(CAUSES, name=op.f("ck_sleep_cause_corrections_cause")),
    )


def downgrade() -> None:
    op.drop_table("sleep_cause_corrections")
    op.drop_table("sleep_causes")
