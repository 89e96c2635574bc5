"""Indexes in the whole order of each long list, so that a page reads its rows, however many of an import tie.

Payments of parking name their mall, and redemptions name that of their store, so that a mall's list is one index.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0042_list_indexes"
down_revision = "0041_invoices"
branch_labels = None
depends_on = None

# (index, table, columns, options)
Made = tuple[str, str, list[str], dict[str, Any]]

WIDENED: dict[str, tuple[str, list[str], list[str]]] = {
    "ix_purchases_store_id_occurred_at": (
        "purchases",
        ["store_id", "occurred_at"],
        ["store_id", "occurred_at", "member_id", "id"],
    ),
    "ix_redemptions_store_id_redeemed_at": (
        "redemptions",
        ["store_id", "redeemed_at"],
        ["store_id", "redeemed_at", "member_id", "id"],
    ),
    "ix_redemptions_campaign_id_redeemed_at": (
        "redemptions",
        ["campaign_id", "redeemed_at"],
        ["campaign_id", "redeemed_at", "member_id", "id"],
    ),
    "ix_points_entries_mall_id_occurred_at": (
        "points_entries",
        ["mall_id", "occurred_at"],
        ["mall_id", "occurred_at", "member_id", "id"],
    ),
    "ix_outreach_messages_mall_id_planned_at": (
        "outreach_messages",
        ["mall_id", "planned_at"],
        ["mall_id", "planned_at", "member_id", "id"],
    ),
}
NOT_EARNED = {"postgresql_where": "kind <> 'accrue'"}
NOT_SENT = {"postgresql_where": "status <> 'sent'"}
TAKEN_BACK = {"postgresql_where": "reversed_at IS NOT NULL"}
OF_PATTERNS = {"postgresql_ops": {"receipt_no": "text_pattern_ops"}}
NEW: list[Made] = [
    (
        "ix_members_merged_into_id",
        "members",
        ["merged_into_id"],
        {"postgresql_where": "merged_into_id IS NOT NULL"},
    ),
    ("ix_members_home_mall_id_joined_at", "members", ["home_mall_id", "joined_at", "id"], {}),
    ("ix_purchases_mall_id_occurred_at", "purchases", ["mall_id", "occurred_at", "member_id", "id"], {}),
    ("ix_redemptions_mall_id_redeemed_at", "redemptions", ["mall_id", "redeemed_at", "member_id", "id"], {}),
    ("ix_points_entries_not_earned", "points_entries", ["mall_id", "occurred_at", "member_id", "id"], NOT_EARNED),
    (
        "ix_outreach_messages_status",
        "outreach_messages",
        ["mall_id", "status", "planned_at", "member_id", "id"],
        NOT_SENT,
    ),
    (
        "ix_outreach_messages_reason",
        "outreach_messages",
        ["mall_id", "reason", "planned_at", "member_id", "id"],
        {"postgresql_where": "reason IS NOT NULL"},
    ),
    (
        "ix_outreach_messages_mall_id_sent_at",
        "outreach_messages",
        ["mall_id", "sent_at"],
        {"postgresql_where": "sent_at IS NOT NULL"},
    ),
    ("ix_receipt_inbox_mall_id_occurred_at", "receipt_inbox", ["mall_id", "occurred_at", "id"], {}),
    ("ix_receipt_inbox_store_id_occurred_at", "receipt_inbox", ["store_id", "occurred_at", "id"], {}),
    ("ix_parking_sessions_entered_at", "parking_sessions", ["entered_at", "id"], {}),
    (
        "ix_parking_sessions_inside",
        "parking_sessions",
        ["entered_at", "id"],
        {"postgresql_where": "exited_at IS NULL"},
    ),
    (
        "ix_parking_payments_mall_id_created_at",
        "parking_payments",
        ["mall_id", "created_at", "member_id", "id"],
        {},
    ),
    (
        "ix_parking_payments_mall_id_paid_at",
        "parking_payments",
        ["mall_id", "paid_at"],
        {"postgresql_where": "paid_at IS NOT NULL"},
    ),
    ("ix_coupons_campaign_id_status", "coupons", ["campaign_id", "status"], {}),
    (
        "ix_entrance_scans_entrance_id_day",
        "entrance_scans",
        ["entrance_id", "day"],
        {"postgresql_include": ["joined_at"]},
    ),
    (
        "ix_audit_entries_action",
        "audit_entries",
        ["mall_id", "action", "id"],
        {"postgresql_ops": {"action": "text_pattern_ops"}},
    ),
    ("ix_purchases_mall_id_receipt_no", "purchases", ["mall_id", "receipt_no"], OF_PATTERNS),
    ("ix_receipt_inbox_mall_id_receipt_no", "receipt_inbox", ["mall_id", "receipt_no"], OF_PATTERNS),
    (
        "ix_purchases_refunds",
        "purchases",
        ["mall_id", "occurred_at", "member_id", "id"],
        {"postgresql_where": "refund_of_id IS NOT NULL"},
    ),
    (
        "ix_purchases_first",
        "purchases",
        ["mall_id", "occurred_at", "member_id", "id"],
        {"postgresql_where": "is_first"},
    ),
    ("ix_redemptions_reversed", "redemptions", ["mall_id", "redeemed_at", "member_id", "id"], TAKEN_BACK),
]
BOOK = ("ix_postings_book", "postings", ["mall_id", "merchant_id", "accounting_day"])


def upgrade() -> None:
    _name_malls()
    for name, (table, _, columns) in WIDENED.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
    for name, table, columns, options in NEW:
        op.create_index(name, table, columns, **options)
    op.drop_index("ix_members_joined_at", table_name="members")
    op.drop_index(BOOK[0], table_name=BOOK[1])
    op.create_index(*BOOK, postgresql_include=["amount_fen"])


def _name_malls() -> None:
    op.add_column("parking_payments", sa.Column("mall_id", sa.BigInteger))
    op.execute(
        "UPDATE parking_payments SET mall_id = car_parks.mall_id FROM parking_sessions "
        "JOIN car_parks ON car_parks.id = parking_sessions.car_park_id "
        "WHERE parking_sessions.id = parking_payments.session_id"
    )
    op.alter_column("parking_payments", "mall_id", nullable=False)
    op.execute(
        "UPDATE redemptions SET mall_id = stores.mall_id FROM stores "
        "WHERE stores.id = redemptions.store_id AND redemptions.mall_id <> stores.mall_id"
    )


def downgrade() -> None:
    op.drop_index(BOOK[0], table_name=BOOK[1])
    op.create_index(*BOOK)
    op.create_index("ix_members_joined_at", "members", ["joined_at"])
    for name, table, _, _ in reversed(NEW):
        op.drop_index(name, table_name=table)
    for name, (table, columns, _) in WIDENED.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
    op.drop_column("parking_payments", "mall_id")
