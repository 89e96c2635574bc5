"""Malls are circles of WeChat Pay, and members let their payments be told."""

import sqlalchemy as sa
from alembic import op

revision = "0107_business_circle"
down_revision = "0106_goodwill"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circles",
        sa.Column("mall_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mchid", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("brand_id > 0", name=op.f("ck_circles_brand_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_circles_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", name=op.f("pk_circles")),
        sa.UniqueConstraint("mchid", name=op.f("uq_circles_mchid")),
    )
    op.create_table(
        "circle_authorisations",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("mchid", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("card_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('card', 'on', 'off')", name=op.f("ck_circle_authorisations_state")),
        sa.CheckConstraint(
            "state <> 'on' OR authorised_at IS NOT NULL", name=op.f("ck_circle_authorisations_authorised_at")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_circle_authorisations_member_id")),
        sa.PrimaryKeyConstraint("member_id", "mchid", "openid", name=op.f("pk_circle_authorisations")),
    )
    op.create_index("ix_circle_authorisations_mchid_state", "circle_authorisations", ["mchid", "state"])
    op.create_index(
        "ix_platform_events_circle",
        "platform_events",
        ["received_at", "id"],
        postgresql_where=sa.text("channel = 'circle'"),
    )


def downgrade() -> None:
    op.drop_index("ix_platform_events_circle", "platform_events")
    op.drop_table("circle_authorisations")
    op.drop_table("circles")
