"""Members can leave: when they did, what it did to their points, and to the reminders they had allowed."""

import sqlalchemy as sa
from alembic import op

revision = "0023_members_leave"
down_revision = "0022_points_by_mall"
branch_labels = None
depends_on = None

POINTS = "'accrue', 'redeem', 'reverse', 'expire', 'adjust'"
CHANGES = "'accepted', 'rejected', 'reserved', 'released', 'cleared'"
QUANTITY = (
    "CASE WHEN change = 'rejected' THEN quantity = 0 WHEN change IN ({lost}) THEN quantity < 0 "
    "WHEN change = 'reserved' THEN quantity = -1 ELSE quantity = 1 END"
)
QUANTITY_BEFORE = (
    "CASE change WHEN 'rejected' THEN quantity = 0 WHEN 'cleared' THEN quantity < 0 "
    "WHEN 'reserved' THEN quantity = -1 ELSE quantity = 1 END"
)


def check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def upgrade() -> None:
    op.add_column("members", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE members SET closed_at = created_at WHERE status = 'closed'")
    op.create_check_constraint(op.f("ck_members_closed_at"), "members", "(status = 'closed') = (closed_at IS NOT NULL)")
    check("points_entries", "kind", f"kind IN ({POINTS}, 'forfeit')")
    check("subscribe_consent_events", "change", f"change IN ({CHANGES}, 'withdrawn')")
    check("subscribe_consent_events", "quantity", QUANTITY.format(lost="'cleared', 'withdrawn'"))


def downgrade() -> None:
    check("subscribe_consent_events", "quantity", QUANTITY_BEFORE)
    check("subscribe_consent_events", "change", f"change IN ({CHANGES})")
    check("points_entries", "kind", f"kind IN ({POINTS})")
    op.drop_constraint(op.f("ck_members_closed_at"), "members", type_="check")
    op.drop_column("members", "closed_at")
