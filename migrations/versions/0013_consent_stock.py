"""Subscribe consents as stock, with the events that explain it."""

import sqlalchemy as sa
from alembic import op

revision = "0013_consent_stock"
down_revision = "0012_postings_reversals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribe_consents",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_subscribe_consents_remaining")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_subscribe_consents_member_id")),
        sa.PrimaryKeyConstraint("member_id", "template", name=op.f("pk_subscribe_consents")),
    )
    op.create_table(
        "subscribe_consent_events",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "change IN ('accepted', 'rejected', 'reserved', 'released', 'cleared')",
            name=op.f("ck_subscribe_consent_events_change"),
        ),
        sa.CheckConstraint(
            "CASE change WHEN 'rejected' THEN quantity = 0 WHEN 'cleared' THEN quantity < 0 "
            "WHEN 'reserved' THEN quantity = -1 ELSE quantity = 1 END",
            name=op.f("ck_subscribe_consent_events_quantity"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_subscribe_consent_events_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_subscribe_consent_events")),
        sa.UniqueConstraint(
            "member_id",
            "template",
            "change",
            "fact",
            name=op.f("uq_subscribe_consent_events_member_id_template_change_fact"),
        ),
    )


def downgrade() -> None:
    op.drop_table("subscribe_consent_events")
    op.drop_table("subscribe_consents")
