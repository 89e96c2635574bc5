"""Receipts of unknown stores and members are worked: codes are remembered, what needs nobody is set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0099_receipt_queue"
down_revision = "0098_earning_rehearsals"
branch_labels = None
depends_on = None

INBOX = "receipt_inbox"
DISMISSED = (
    ("dismissed_at", sa.DateTime(timezone=True)),
    ("dismissed_by", sa.Text()),
    ("dismissed_for", sa.Text()),
)


def upgrade() -> None:
    op.create_table(
        "store_aliases",
        sa.Column("mall_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_store_aliases_mall_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_store_aliases_store_id")),
        sa.PrimaryKeyConstraint("mall_id", "source", "code", name=op.f("pk_store_aliases")),
    )
    for name, kind in DISMISSED:
        op.add_column(INBOX, sa.Column(name, kind, nullable=True))
    op.create_check_constraint(
        op.f("ck_receipt_inbox_dismissed_whole"),
        INBOX,
        "num_nulls(dismissed_at, dismissed_by, dismissed_for) IN (0, 3)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_receipt_inbox_dismissed_whole"), INBOX)
    for name, _ in DISMISSED:
        op.drop_column(INBOX, name)
    op.drop_table("store_aliases")
