"""Customer groups of WeCom, and who is in them."""

import sqlalchemy as sa
from alembic import op

revision = "0079_wecom_groups"
down_revision = "0078_monthly_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wecom_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_user_id", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dissolved_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wecom_groups")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_wecom_groups_chat_id")),
    )
    op.create_table(
        "wecom_group_people",
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("external_user_id", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("group_id", "external_user_id", name=op.f("pk_wecom_group_people")),
        sa.ForeignKeyConstraint(["group_id"], ["wecom_groups.id"], name=op.f("fk_wecom_group_people_group_id")),
        sa.CheckConstraint("left_at >= joined_at", name=op.f("ck_wecom_group_people_left_at")),
    )
    op.create_index("ix_wecom_group_people_external_user_id", "wecom_group_people", ["external_user_id"])


def downgrade() -> None:
    op.drop_table("wecom_group_people")
    op.drop_table("wecom_groups")
