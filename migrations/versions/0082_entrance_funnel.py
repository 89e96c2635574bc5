"""The funnel of entrances: weeks as they were counted, and what people enter as their cost."""

import sqlalchemy as sa
from alembic import op

revision = "0082_entrance_funnel"
down_revision = "0081_name_index"
branch_labels = None
depends_on = None

FIGURES = ("scans", "joined", "reachable", "bought", "benefits_fen", "spend_fen", "margin_fen")


def upgrade() -> None:
    op.create_table(
        "entrance_weeks",
        sa.Column("entrance_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        *_figures(),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_entrance_weeks_entrance_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_entrance_weeks_mall_id")),
        sa.PrimaryKeyConstraint("entrance_id", "week", name=op.f("pk_entrance_weeks")),
    )
    op.create_index("ix_entrance_weeks_mall_id_week", "entrance_weeks", ["mall_id", "week", "joined", "entrance_id"])
    op.create_table(
        "mall_weeks",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        *_figures(),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_mall_weeks_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "week", name=op.f("pk_mall_weeks")),
    )
    op.create_table(
        "entrance_costs",
        sa.Column("entrance_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_entrance_costs_amount_fen")),
        sa.CheckConstraint("extract(isodow FROM week) = 1", name=op.f("ck_entrance_costs_week")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_entrance_costs_note")),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_entrance_costs_entrance_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_entrance_costs_mall_id")),
        sa.PrimaryKeyConstraint("entrance_id", "week", name=op.f("pk_entrance_costs")),
    )
    op.create_index("ix_entrance_costs_mall_id_week", "entrance_costs", ["mall_id", "week"])


def _figures() -> list[sa.Column[int]]:
    return [
        sa.Column("visitors", sa.BigInteger()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in FIGURES),
    ]


def downgrade() -> None:
    for table in ("entrance_costs", "mall_weeks", "entrance_weeks"):
        op.drop_table(table)
