"""What a message's last try ended with is called as in every queue: last_error."""

from alembic import op

revision = "0029_message_errors"
down_revision = "0028_callback_queues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("outreach_messages", "error", new_column_name="last_error")


def downgrade() -> None:
    op.alter_column("outreach_messages", "last_error", new_column_name="error")
