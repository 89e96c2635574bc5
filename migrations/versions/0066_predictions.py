"""What may be expected of members: the fit of each day, and a row for everybody who has bought."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0066_predictions"
down_revision = "0065_behaviour"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prediction_fits",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("r", sa.Double()),
        sa.Column("alpha", sa.Double()),
        sa.Column("a", sa.Double()),
        sa.Column("b", sa.Double()),
        sa.Column("buying_log_likelihood", sa.Double()),
        sa.Column("buying_obstacle", sa.Text()),
        sa.Column("p", sa.Double()),
        sa.Column("q", sa.Double()),
        sa.Column("gamma", sa.Double()),
        sa.Column("amounts_log_likelihood", sa.Double()),
        sa.Column("amounts_obstacle", sa.Text()),
        sa.Column("backtest", postgresql.JSONB()),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_prediction_fits")),
        sa.CheckConstraint("num_nonnulls(r, alpha, a, b) IN (0, 4)", name=op.f("ck_prediction_fits_buying")),
        sa.CheckConstraint("num_nonnulls(p, q, gamma) IN (0, 3)", name=op.f("ck_prediction_fits_amounts")),
    )
    op.create_table(
        "member_predictions",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("alive_bps", sa.BigInteger(), nullable=False),
        sa.Column("return_bps", sa.BigInteger(), nullable=False),
        sa.Column("purchases_hundredths", sa.BigInteger(), nullable=False),
        sa.Column("spend_fen", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("purchase_days", sa.BigInteger(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_predictions")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_predictions_member_id")),
        sa.CheckConstraint(
            "return_bps BETWEEN 0 AND alive_bps AND alive_bps <= 10000",
            name=op.f("ck_member_predictions_probabilities"),
        ),
        sa.CheckConstraint("purchases_hundredths >= 0 AND spend_fen >= 0", name=op.f("ck_member_predictions_expected")),
        sa.CheckConstraint("purchase_days > 0 AND last_on >= first_on", name=op.f("ck_member_predictions_facts")),
    )


def downgrade() -> None:
    op.drop_table("member_predictions")
    op.drop_table("prediction_fits")
