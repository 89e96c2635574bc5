"""Messages to gates take the columns of a queue: done or given up, each with its moment."""

import sqlalchemy as sa
from alembic import op

revision = "0025_gate_message_queue"
down_revision = "0024_mall_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_gate_messages_due", table_name="gate_messages")
    op.alter_column("gate_messages", "sent_at", new_column_name="done_at")
    op.add_column("gate_messages", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_gate_messages_attempts"), "gate_messages", "attempts >= 0")
    op.create_check_constraint(
        op.f("ck_gate_messages_one_end"), "gate_messages", "done_at IS NULL OR given_up_at IS NULL"
    )
    op.create_index(
        "ix_gate_messages_waiting",
        "gate_messages",
        ["due_at"],
        postgresql_where=sa.text("done_at IS NULL AND given_up_at IS NULL"),
    )
    op.create_index(
        "ix_gate_messages_dead", "gate_messages", ["given_up_at"], postgresql_where=sa.text("given_up_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_gate_messages_dead", table_name="gate_messages")
    op.drop_index("ix_gate_messages_waiting", table_name="gate_messages")
    op.drop_constraint(op.f("ck_gate_messages_one_end"), "gate_messages", type_="check")
    op.drop_constraint(op.f("ck_gate_messages_attempts"), "gate_messages", type_="check")
    op.drop_column("gate_messages", "given_up_at")
    op.alter_column("gate_messages", "done_at", new_column_name="sent_at")
    op.create_index("ix_gate_messages_due", "gate_messages", ["due_at"], postgresql_where=sa.text("sent_at IS NULL"))
