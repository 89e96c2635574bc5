"""A keyed digest by which members are found by the whole of their name; a job fills it where names are kept already."""

import sqlalchemy as sa
from alembic import op

revision = "0081_name_index"
down_revision = "0080_earning_rules"
branch_labels = None
depends_on = None

MEMBERS = "members"


def upgrade() -> None:
    op.add_column(MEMBERS, sa.Column("name_index", sa.Text()))
    op.create_index(
        "ix_members_name_index", MEMBERS, ["name_index"], postgresql_where=sa.text("name_index IS NOT NULL")
    )
    op.create_index(
        "ix_members_name_unindexed",
        MEMBERS,
        ["id"],
        postgresql_where=sa.text("name_sealed IS NOT NULL AND name_index IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_members_name_unindexed", table_name=MEMBERS)
    op.drop_index("ix_members_name_index", table_name=MEMBERS)
    op.drop_column(MEMBERS, "name_index")
