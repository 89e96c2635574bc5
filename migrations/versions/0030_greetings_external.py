"""A greeting says whom it is owed to in a column, so that forgetting somebody searches no texts."""

from alembic import op

revision = "0030_greetings_external"
down_revision = "0029_message_errors"
branch_labels = None
depends_on = None

# `<change>|<member of staff>|<person>|<time>`, as WeCom's callbacks were named.
PERSON = "split_part(fact, '|', 3)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE contact_greetings ADD COLUMN external_user_id text GENERATED ALWAYS AS ({PERSON}) STORED")
    op.execute(
        "ALTER TABLE contact_greetings"
        " ALTER COLUMN external_user_id DROP EXPRESSION, ALTER COLUMN external_user_id SET NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("contact_greetings", "external_user_id")
