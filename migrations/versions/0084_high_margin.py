"""High value may also go by what a member brings the malls."""

import sqlalchemy as sa
from alembic import op

revision = "0084_high_margin"
down_revision = "0083_profile_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lifecycle_rules", sa.Column("high_margin_fen", sa.BigInteger()))
    op.create_check_constraint(op.f("ck_lifecycle_rules_high_margin"), "lifecycle_rules", "high_margin_fen > 0")
    for table in ("member_stages", "stage_changes"):
        op.add_column(table, sa.Column("margin_fen", sa.BigInteger()))


def downgrade() -> None:
    for table in ("stage_changes", "member_stages"):
        op.drop_column(table, "margin_fen")
    op.drop_constraint(op.f("ck_lifecycle_rules_high_margin"), "lifecycle_rules", type_="check")
    op.drop_column("lifecycle_rules", "high_margin_fen")
