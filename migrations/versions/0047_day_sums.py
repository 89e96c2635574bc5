"""What pages count is summed by day; the first run of the jobs sums what there is."""

import sqlalchemy as sa
from alembic import op

revision = "0047_day_sums"
down_revision = "0046_list_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_sums",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", "mall_id", "key", "day", name=op.f("pk_day_sums")),
    )
    by_day = ["mall_id", "series", "day"]
    op.create_index("ix_day_sums_mall_id_day", "day_sums", by_day, postgresql_include=["count", "amount"])
    op.create_table(
        "day_horizons",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("series", "mall_id", name=op.f("pk_day_horizons")),
    )
    op.create_table(
        "day_marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_marks")),
    )
    op.create_index("ix_day_marks_mall_id_series_day", "day_marks", ["mall_id", "series", "day"])


def downgrade() -> None:
    for table in ("day_marks", "day_horizons", "day_sums"):
        op.drop_table(table)
