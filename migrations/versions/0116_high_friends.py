"""High value may also go by the friends whom a member brings."""

import sqlalchemy as sa
from alembic import op

revision = "0116_high_friends"
down_revision = "0115_exchange_refunds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lifecycle_rules", sa.Column("high_friends", sa.BigInteger()))
    op.create_check_constraint(op.f("ck_lifecycle_rules_high_friends"), "lifecycle_rules", "high_friends > 0")
    for table in ("member_stages", "stage_changes"):
        op.add_column(table, sa.Column("friends", sa.BigInteger()))


def downgrade() -> None:
    for table in ("stage_changes", "member_stages"):
        op.drop_column(table, "friends")
    op.drop_constraint(op.f("ck_lifecycle_rules_high_friends"), "lifecycle_rules", type_="check")
    op.drop_column("lifecycle_rules", "high_friends")
