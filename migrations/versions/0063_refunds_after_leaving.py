"""What a refund after leaving makes somebody owe: digests of their receipts, what they gave up, who they are again."""

import sqlalchemy as sa
from alembic import op

revision = "0063_refunds_after_leaving"
down_revision = "0062_merchants_of_malls"
branch_labels = None
depends_on = None

TABLE = "former_members"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("spare_points", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column(TABLE, "spare_points", server_default=None)
    op.add_column(TABLE, sa.Column("returned_member_id", sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f("ck_former_members_debt"), TABLE)
    op.create_check_constraint(op.f("ck_former_members_debt"), TABLE, "debt_points >= 0 AND spare_points >= 0")
    op.create_index(
        "ix_former_members_returned",
        TABLE,
        ["returned_member_id"],
        postgresql_where=sa.text("returned_member_id IS NOT NULL"),
    )
    op.create_table(
        "former_receipts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("former_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_former_receipts")),
        sa.ForeignKeyConstraint(["former_id"], ["former_members.id"], name=op.f("fk_former_receipts_former_id")),
    )
    op.create_index(op.f("ix_former_receipts_former_id"), "former_receipts", ["former_id"])


def downgrade() -> None:
    op.drop_table("former_receipts")
    op.drop_index("ix_former_members_returned", table_name=TABLE)
    op.drop_constraint(op.f("ck_former_members_debt"), TABLE)
    op.create_check_constraint(op.f("ck_former_members_debt"), TABLE, "debt_points >= 0")
    op.drop_column(TABLE, "returned_member_id")
    op.drop_column(TABLE, "spare_points")
