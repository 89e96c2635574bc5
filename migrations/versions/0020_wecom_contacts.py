"""WeCom contacts, and the greetings they are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0020_wecom_contacts"
down_revision = "0019_job_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wecom_contacts",
        sa.Column("external_user_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("entrance_id", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_wecom_contacts_entrance_id")),
        sa.PrimaryKeyConstraint("external_user_id", "user_id", name=op.f("pk_wecom_contacts")),
    )
    op.create_index("ix_wecom_contacts_entrance_id", "wecom_contacts", ["entrance_id"])
    op.create_table(
        "contact_greetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("welcome_code", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('due', 'sent', 'too_late', 'refused')", name=op.f("ck_contact_greetings_status")
        ),
        sa.CheckConstraint("(status = 'due') = (settled_at IS NULL)", name=op.f("ck_contact_greetings_settled_at")),
        sa.CheckConstraint(
            "(status = 'due') = (welcome_code IS NOT NULL)", name=op.f("ck_contact_greetings_welcome_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_greetings")),
        sa.UniqueConstraint("fact", name=op.f("uq_contact_greetings_fact")),
    )
    op.create_index(
        "ix_contact_greetings_due",
        "contact_greetings",
        ["due_at", "id"],
        postgresql_where=sa.text("status = 'due'"),
    )


def downgrade() -> None:
    op.drop_table("contact_greetings")
    op.drop_table("wecom_contacts")
