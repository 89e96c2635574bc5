"""Stores say when they are open, how to call them, and what they are."""

import sqlalchemy as sa
from alembic import op

revision = "0045_store_directory"
down_revision = "0044_repeated_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stores", sa.Column("opens_minute", sa.BigInteger()))
    op.add_column("stores", sa.Column("closes_minute", sa.BigInteger()))
    op.add_column("stores", sa.Column("phone", sa.Text()))
    op.add_column("stores", sa.Column("about", sa.Text()))
    op.create_check_constraint(
        op.f("ck_stores_hours"),
        "stores",
        "num_nulls(opens_minute, closes_minute) IN (0, 2) "
        "AND opens_minute BETWEEN 0 AND 1439 AND closes_minute BETWEEN 0 AND 1439",
    )
    op.create_check_constraint(op.f("ck_stores_phone"), "stores", "length(phone) BETWEEN 3 AND 24")
    op.create_check_constraint(op.f("ck_stores_about"), "stores", "length(about) BETWEEN 1 AND 120")


def downgrade() -> None:
    for name in ("about", "phone", "hours"):
        op.drop_constraint(op.f(f"ck_stores_{name}"), "stores", type_="check")
    for name in ("about", "phone", "closes_minute", "opens_minute"):
        op.drop_column("stores", name)
