"""What staff do for members by hand: notes, and coupons and points given or corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0038_care"
down_revision = "0037_former_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_acts",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger()),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_care_acts_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_care_acts")),
        sa.CheckConstraint("kind IN ('coupon', 'points')", name=op.f("ck_care_acts_kind")),
        sa.CheckConstraint("(kind = 'points') = (points <> 0)", name=op.f("ck_care_acts_points")),
        sa.CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name=op.f("ck_care_acts_coupon")),
    )
    op.create_index("ix_care_acts_staff_id_done_at", "care_acts", ["staff_id", "done_at"])
    op.create_table(
        "member_notes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_notes_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_member_notes")),
    )


def downgrade() -> None:
    op.drop_table("member_notes")
    op.drop_table("care_acts")
