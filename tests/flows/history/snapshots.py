"""What the tables say about receipts, members and ledgers, with names in place of numbers given by the database."""

from typing import Any

from sqlalchemy import text

from app.kernel.db import db

QUERIES = {
    "receipt_numbers": """
        WITH purchase AS MATERIALIZED (SELECT member_id, id, receipt_no FROM purchases),
            inbox AS MATERIALIZED (SELECT id, receipt_no FROM receipt_inbox)
        SELECT n.source, n.receipt_no, n.fingerprint, n.member_id, p.receipt_no AS purchase, i.receipt_no AS inbox,
            n.waiting_id IS NOT NULL AS waits, n.same_source, n.same_receipt_no
        FROM receipt_numbers n LEFT JOIN purchase p ON p.member_id = n.member_id AND p.id = n.purchase_id
        LEFT JOIN inbox i ON i.id = n.inbox_id""",
    "purchases": """
        SELECT p.member_id, p.source, p.receipt_no, p.mall_id, p.merchant_id, p.store_id, p.occurred_at, p.amount_fen,
            r.receipt_no AS refund_of, p.commission_base_fen, p.is_first, p.recorded_at
        FROM purchases p LEFT JOIN purchases r ON r.member_id = p.member_id AND r.id = p.refund_of_id""",
    "purchase_lines": """
        SELECT p.source, p.receipt_no, l.member_id, l.line_no, l.category_code, l.amount_fen
        FROM purchase_lines l JOIN purchases p ON p.member_id = l.member_id AND p.id = l.purchase_id""",
    "receipt_inbox": """
        SELECT source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, refund_source, refund_of,
            details::text, recorded_at
        FROM receipt_inbox""",
    "purchase_payments": """
        SELECT p.source, p.receipt_no, y.member_id, y.part_no, y.method, y.amount_fen, y.transaction_id
        FROM purchase_payments y JOIN purchases p ON p.member_id = y.member_id AND p.id = y.purchase_id""",
    "payment_transactions": "SELECT transaction_id, method, source, receipt_no, amount_fen FROM payment_transactions",
    "waiting_receipts": """
        SELECT why, source, receipt_no, mall_id, merchant_id, store_id, store_code, occurred_at, amount_fen, refund_of,
            details::text, member_id, effects, obstacle, recorded_at
        FROM waiting_receipts""",
    "timeline": "SELECT member_id, kind, fact, occurred_at, mall_id, store_id, source FROM timeline_events",
    "points_accounts": "SELECT member_id, available_points, held_points, debt_points FROM points_accounts",
    "points_entries": """
        SELECT e.member_id, e.kind, e.points, e.balance_after, e.reason_code, e.reason_facts::text,
            CASE WHEN e.kind = 'expire' THEN 'expiry' ELSE e.fact END AS fact, e.mall_id, e.store_id,
            r.fact AS reverses, e.occurred_at
        FROM points_entries e LEFT JOIN points_entries r ON r.member_id = e.member_id AND r.id = e.reverses_id""",
    "points_lots": """
        SELECT l.member_id, e.fact, l.points, l.remaining_points, l.expires_on
        FROM points_lots l JOIN points_entries e ON e.member_id = l.member_id AND e.id = l.entry_id""",
    "points_uses": """
        SELECT u.member_id, CASE WHEN e.kind = 'expire' THEN 'expiry' ELSE e.fact END AS fact, f.fact AS lot, u.points
        FROM points_uses u JOIN points_entries e ON e.member_id = u.member_id AND e.id = u.entry_id
        JOIN points_lots l ON l.member_id = u.member_id AND l.id = u.lot_id
        JOIN points_entries f ON f.member_id = l.member_id AND f.id = l.entry_id""",
    "growth_accounts": "SELECT member_id, growth FROM growth_accounts",
    "growth_entries": """
        SELECT member_id, growth, growth_after, reason_code, reason_facts::text, fact, occurred_at
        FROM growth_entries""",
    "tier_standings": """
        SELECT member_id, tier_code, began_at, ends_at, replaced_at, why, counted FROM tier_standings""",
    "postings": """
        SELECT p.mall_id, p.merchant_id, p.store_id, p.kind, p.fact, p.business_day, p.accounting_day, p.base_fen,
            p.points, p.rate, p.amount_fen, p.occurred_at, r.fact AS reverses
        FROM postings p LEFT JOIN postings r ON r.id = p.reverses_id""",
}
# In the order in which they were written, which matters where balances run.
RUNNING = {
    "points_entries": "SELECT member_id, points, balance_after FROM points_entries ORDER BY member_id, id",
    "growth_entries": "SELECT member_id, growth, growth_after FROM growth_entries ORDER BY member_id, id",
    "tier_standings": "SELECT member_id, tier_code, began_at FROM tier_standings ORDER BY member_id, id",
    "purchases": "SELECT member_id, receipt_no, is_first FROM purchases ORDER BY member_id, id",
}


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows, sorted, and the running ones also as they were written."""
    db.session.flush()
    rows = {name: sorted(map(tuple, db.session.execute(text(query))), key=repr) for name, query in QUERIES.items()}
    running = {f"{name} in order": list(map(tuple, db.session.execute(text(sql)))) for name, sql in RUNNING.items()}
    return rows | running
