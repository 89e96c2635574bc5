"""How complete the profiles of a mall's members are, a row a day."""

import sqlalchemy as sa
from alembic import op

revision = "0083_profile_days"
down_revision = "0082_entrance_funnel"
branch_labels = None
depends_on = None

FIGURES = ("members", "complete", "sum_bps", "preferences", "birthday", "nearby", "household")


def upgrade() -> None:
    op.create_table(
        "profile_days",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in FIGURES),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("members >= complete AND complete >= 0", name=op.f("ck_profile_days_members")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_profile_days_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "day", name=op.f("pk_profile_days")),
    )


def downgrade() -> None:
    op.drop_table("profile_days")
