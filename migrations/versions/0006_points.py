"""Points accounts, entries, lots and uses."""

import sqlalchemy as sa
from alembic import op

revision = "0006_points"
down_revision = "0005_purchases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "points_accounts",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("available_points", sa.BigInteger(), nullable=False),
        sa.Column("debt_points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("available_points >= 0", name=op.f("ck_points_accounts_available")),
        sa.CheckConstraint("debt_points >= 0", name=op.f("ck_points_accounts_debt")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_accounts_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_points_accounts")),
    )
    op.create_table(
        "points_entries",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accrue', 'redeem', 'reverse', 'expire', 'adjust')", name=op.f("ck_points_entries_kind")
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_points_entries_points")),
        sa.ForeignKeyConstraint(
            ["member_id", "reverses_id"],
            ["points_entries.member_id", "points_entries.id"],
            name=op.f("fk_points_entries_member_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_entries_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_points_entries")),
        sa.UniqueConstraint("member_id", "fact", name=op.f("uq_points_entries_member_id_fact")),
    )
    op.create_table(
        "points_lots",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("remaining_points", sa.BigInteger(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint("remaining_points BETWEEN 0 AND points", name=op.f("ck_points_lots_remaining")),
        sa.ForeignKeyConstraint(
            ["member_id", "entry_id"],
            ["points_entries.member_id", "points_entries.id"],
            name=op.f("fk_points_lots_member_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_lots_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_points_lots")),
    )
    op.create_index(
        "ix_points_lots_open",
        "points_lots",
        ["member_id", "expires_on", "id"],
        unique=False,
        postgresql_where="remaining_points > 0",
    )
    op.create_table(
        "points_uses",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_uses_points")),
        sa.ForeignKeyConstraint(
            ["member_id", "entry_id"],
            ["points_entries.member_id", "points_entries.id"],
            name=op.f("fk_points_uses_member_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "lot_id"],
            ["points_lots.member_id", "points_lots.id"],
            name=op.f("fk_points_uses_member_id_lot_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "entry_id", "lot_id", name=op.f("pk_points_uses")),
    )


def downgrade() -> None:
    op.drop_table("points_uses")
    op.drop_index("ix_points_lots_open", table_name="points_lots", postgresql_where="remaining_points > 0")
    op.drop_table("points_lots")
    op.drop_table("points_entries")
    op.drop_table("points_accounts")
