"""What points buy: a factor by day, kept on each quote of a stay."""

import sqlalchemy as sa
from alembic import op

revision = "0088_points_factor"
down_revision = "0087_joined_unseen"
branch_labels = None
depends_on = None

QUOTES, WAIVERS, POINTS = "parking_quotes", "parking_waivers", "ck_parking_waivers_points"


def upgrade() -> None:
    op.create_table(
        "points_factors",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("factor_bps", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_factors")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_points_factors_effective_from")),
        sa.CheckConstraint("factor_bps BETWEEN 1000 AND 50000", name=op.f("ck_points_factors_factor")),
    )
    op.add_column(QUOTES, sa.Column("points_factor_bps", sa.BigInteger(), nullable=False, server_default="10000"))
    op.alter_column(QUOTES, "points_factor_bps", server_default=None)
    op.drop_constraint(op.f(POINTS), WAIVERS)
    op.create_check_constraint(op.f(POINTS), WAIVERS, "kind <> 'points' OR points > 0")


def downgrade() -> None:
    # Waivers at another factor than a fen a point stay as they are: the older check is made for rows to come.
    op.drop_constraint(op.f(POINTS), WAIVERS)
    op.execute(
        f"ALTER TABLE {WAIVERS} ADD CONSTRAINT {POINTS} CHECK (kind <> 'points' OR points = covers_fen) NOT VALID"
    )
    op.drop_column(QUOTES, "points_factor_bps")
    op.drop_table("points_factors")
