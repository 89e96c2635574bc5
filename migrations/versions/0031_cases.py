"""Cases, work items for people, and their history, which only grows; and the inbox by when receipts came."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031_cases"
down_revision = "0030_greetings_external"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name=op.f("ck_cases_answered")),
        sa.CheckConstraint("outcome IS NULL OR owner_id IS NOT NULL", name=op.f("ck_cases_answered_by_somebody")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_cases_mall_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_cases_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cases_public_id")),
    )
    is_open, is_answered = sa.text("outcome IS NULL"), sa.text("outcome IS NOT NULL")
    op.create_index("uq_cases_open", "cases", ["kind", "subject"], unique=True, postgresql_where=is_open)
    op.create_index("ix_cases_waiting", "cases", ["mall_id", "due_at", "id"], postgresql_where=is_open)
    op.create_index("ix_cases_answered", "cases", ["mall_id", "answered_at", "id"], postgresql_where=is_answered)
    op.create_index("ix_cases_owner_id", "cases", ["owner_id"])
    op.create_table(
        "case_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
    )
    op.create_index("ix_case_steps_case_id", "case_steps", ["case_id"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON case_steps FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.create_index("ix_receipt_inbox_recorded_at", "receipt_inbox", ["recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_receipt_inbox_recorded_at", table_name="receipt_inbox")
    op.drop_table("case_steps")
    op.drop_table("cases")
