"""Consents to messages go along when two members are found to be one."""

from alembic import op

revision = "0077_consents_moved"
down_revision = "0076_tags"
branch_labels = None
depends_on = None

TABLE = "subscribe_consent_events"
CHANGES = "change IN ('accepted', 'rejected', 'reserved', 'released', 'cleared', 'withdrawn'{})"
QUANTITY = (
    "CASE WHEN change = 'rejected' THEN quantity = 0 WHEN change IN ('cleared', 'withdrawn') THEN quantity < 0 "
    "{}WHEN change = 'reserved' THEN quantity = -1 ELSE quantity = 1 END"
)


def upgrade() -> None:
    _check("change", CHANGES.format(", 'moved'"))
    _check("quantity", QUANTITY.format("WHEN change = 'moved' THEN quantity <> 0 "))


def downgrade() -> None:
    """What was moved counts as said yes to, one by one, or as lost: the stock stays the sum of its events."""
    op.execute(
        "INSERT INTO subscribe_consent_events (member_id, template, change, quantity, fact, occurred_at) "
        "SELECT member_id, template, 'accepted', 1, fact || ':' || number, occurred_at "
        "FROM subscribe_consent_events, generate_series(1, quantity) AS number WHERE change = 'moved' AND quantity > 0"
    )
    op.execute("DELETE FROM subscribe_consent_events WHERE change = 'moved' AND quantity > 0")
    op.execute("UPDATE subscribe_consent_events SET change = 'cleared' WHERE change = 'moved'")
    _check("quantity", QUANTITY.format(""))
    _check("change", CHANGES.format(""))


def _check(name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)
