"""Proofs of points: one a night, with the sums they rest on and what they found to differ."""

import sqlalchemy as sa
from alembic import op

revision = "0089_points_proofs"
down_revision = "0088_points_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "points_proofs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in (
                "milliseconds",
                "accounts",
                "entries",
                "available_points",
                "debt_points",
                "lots_points",
                "differences",
            )
        ),
        sa.CheckConstraint("differences >= 0 AND accounts >= 0 AND entries >= 0", name=op.f("ck_points_proofs_counts")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_points_proofs")),
    )
    op.create_table(
        "points_proof_sums",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day"], ["points_proofs.day"], name=op.f("fk_points_proof_sums_day"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("day", "mall_id", "way", name=op.f("pk_points_proof_sums")),
    )
    op.create_table(
        "points_differences",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger()),
        sa.Column("entry_id", sa.BigInteger()),
        sa.Column("expected_points", sa.BigInteger(), nullable=False),
        sa.Column("found_points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "side IN ('account', 'entries', 'lots', 'running', 'whole')", name=op.f("ck_points_differences_side")
        ),
        sa.CheckConstraint("expected_points <> found_points", name=op.f("ck_points_differences_differs")),
        sa.ForeignKeyConstraint(
            ["day"], ["points_proofs.day"], name=op.f("fk_points_differences_day"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_differences")),
    )
    op.create_index("ix_points_differences_day", "points_differences", ["day", "position"])


def downgrade() -> None:
    op.drop_table("points_differences")
    op.drop_table("points_proof_sums")
    op.drop_table("points_proofs")
