"""What must be true of a stack's database after any number of kills, and of what its clients were told."""

from collections import Counter
from typing import Any

import psycopg

from tests.crash.clients import Book

# Each says what must not be found, and finds it: rows of any of these are broken promises.
BROKEN = {
    "a member has other than one of each join coupon": """
        SELECT m.id FROM members m JOIN scanned_in s ON s.id = m.id
        LEFT JOIN coupons c ON c.member_id = m.id AND c.trigger = 'join'
        GROUP BY m.id HAVING count(c.id) <> 2 OR count(DISTINCT c.campaign_id) <> 2""",
    "a member has other than one consent": """
        SELECT m.id FROM members m JOIN scanned_in s ON s.id = m.id LEFT JOIN consent_records r ON r.member_id = m.id
        GROUP BY m.id HAVING count(r.id) <> 1""",
    "a member has other than one joining in the timeline": """
        SELECT m.id FROM members m JOIN scanned_in s ON s.id = m.id
        LEFT JOIN timeline_events e ON e.member_id = m.id AND e.kind = 'joined'
        GROUP BY m.id HAVING count(e.id) <> 1""",
    "a visitor got something": """
        SELECT m.id FROM members m JOIN coupons c ON c.member_id = m.id WHERE m.status = 'visitor'""",
    "one phone is two members": """
        SELECT value FROM member_identities WHERE kind = 'phone' GROUP BY value HAVING count(*) > 1""",
    "a coupon was redeemed twice": """
        SELECT member_id, coupon_id FROM redemptions WHERE reversed_at IS NULL
        GROUP BY member_id, coupon_id HAVING count(*) > 1""",
    "a coupon's status is not what its redemptions say": """
        SELECT c.id FROM coupons c LEFT JOIN redemptions r ON r.member_id = c.member_id AND r.coupon_id = c.id
        WHERE (c.status = 'redeemed') <> (r.id IS NOT NULL)""",
    "a redemption has other than its two postings": """
        SELECT r.id FROM redemptions r LEFT JOIN postings p ON p.fact = 'redemption:' || r.public_id
        GROUP BY r.member_id, r.id
        HAVING count(*) FILTER (WHERE p.kind = 'coupon_mall_share') <> 1
            OR count(*) FILTER (WHERE p.kind = 'coupon_merchant_share') <> 1 OR sum(p.base_fen) <> r.discount_fen""",
    "a posting of a redemption that is none": """
        SELECT p.fact FROM postings p LEFT JOIN redemptions r ON p.fact = 'redemption:' || r.public_id
        WHERE p.fact LIKE 'redemption:%' AND r.id IS NULL""",
    "a redemption has other than one line in the timeline": """
        SELECT r.id FROM redemptions r LEFT JOIN timeline_events e
          ON e.member_id = r.member_id AND e.fact = 'redemption:' || r.public_id
        GROUP BY r.member_id, r.id HAVING count(e.id) <> 1""",
    "a receipt number is no purchase": """
        SELECT n.receipt_no FROM receipt_numbers n
        WHERE (n.source, n.receipt_no) NOT IN (SELECT p.source, p.receipt_no FROM purchases p)""",
    "a receipt number is several purchases": """
        SELECT receipt_no FROM purchases GROUP BY source, receipt_no HAVING count(*) > 1""",
    "a purchase has no number": """
        SELECT p.id FROM purchases p
        WHERE (p.source, p.receipt_no, p.id) NOT IN (
            SELECT n.source, n.receipt_no, n.purchase_id FROM receipt_numbers n WHERE n.purchase_id IS NOT NULL)""",
    "a purchase has other than one entry of its points": """
        SELECT p.id FROM purchases p LEFT JOIN points_entries e
          ON e.member_id = p.member_id AND e.fact = 'purchase:' || p.source || ':' || p.receipt_no
        GROUP BY p.member_id, p.id, p.amount_fen
        HAVING count(e.id) <> 1 OR sum(e.points) <> p.amount_fen / 100""",
    "a purchase has other than one commission and one posting of points": """
        SELECT p.id FROM purchases p LEFT JOIN postings o ON o.fact = 'purchase:' || p.source || ':' || p.receipt_no
        GROUP BY p.member_id, p.id HAVING count(*) FILTER (WHERE o.kind = 'commission') <> 1
            OR count(*) FILTER (WHERE o.kind = 'points_issued') <> 1""",
    "a member has other than one first purchase": """
        SELECT member_id FROM purchases GROUP BY member_id HAVING count(*) FILTER (WHERE is_first) <> 1""",
    "an account is not the sum of its entries": """
        SELECT a.member_id FROM points_accounts a LEFT JOIN points_entries e ON e.member_id = a.member_id
        GROUP BY a.member_id HAVING a.available_points + a.held_points - a.debt_points <> coalesce(sum(e.points), 0)""",
    "an account is not the sum of its lots": """
        SELECT a.member_id FROM points_accounts a LEFT JOIN points_lots l ON l.member_id = a.member_id
        GROUP BY a.member_id HAVING a.available_points <> coalesce(sum(l.remaining_points), 0)""",
    "an account holds other than its open holds": """
        SELECT a.member_id FROM points_accounts a LEFT JOIN points_holds h
          ON h.member_id = a.member_id AND h.status = 'open'
        GROUP BY a.member_id HAVING a.held_points <> coalesce(sum(h.points), 0)""",
    "a stay was settled other than by its paid payments": """
        SELECT s.id FROM parking_sessions s LEFT JOIN parking_payments p ON p.session_id = s.id AND p.status = 'paid'
        GROUP BY s.id HAVING s.settled_fen <> coalesce(sum(p.due_fen), 0)""",
    "a stay was paid twice": """
        SELECT session_id FROM parking_payments WHERE status <> 'released' GROUP BY session_id HAVING count(*) > 1""",
    "a paid payment covers other than what was due": """
        SELECT p.id FROM parking_payments p
        LEFT JOIN parking_waivers w ON w.member_id = p.member_id AND w.payment_id = p.id
        WHERE p.status = 'paid' GROUP BY p.member_id, p.id
        HAVING coalesce(sum(w.covers_fen), 0) + p.cash_fen <> p.due_fen""",
    "a paid payment has other than one message for the gate": """
        SELECT p.id FROM parking_payments p LEFT JOIN gate_messages g ON g.session_id = p.session_id
        WHERE p.status = 'paid' GROUP BY p.member_id, p.id HAVING count(g.id) <> 1""",
    "points of a payment were spent other than once": """
        SELECT w.id FROM parking_waivers w
        JOIN parking_payments p ON p.member_id = w.member_id AND p.id = w.payment_id
        LEFT JOIN points_entries e ON e.member_id = w.member_id AND e.fact = 'parking:' || p.public_id
        WHERE w.points > 0 AND p.status = 'paid' GROUP BY w.member_id, w.id
        HAVING count(e.id) <> 1 OR sum(e.points) <> -w.points""",
    "an unknown car came in twice": """
        SELECT plate FROM parking_sessions GROUP BY plate HAVING count(*) > 1""",
    "a gate event has no stay": """
        SELECT event_id FROM gate_events WHERE session_id IS NULL""",
    "a stock of consents is not the sum of its events": """
        SELECT c.member_id FROM subscribe_consents c
        LEFT JOIN subscribe_consent_events e ON e.member_id = c.member_id AND e.template = c.template
        GROUP BY c.member_id, c.template HAVING c.remaining <> coalesce(sum(e.quantity), 0)""",
    "a message that went or may have gone did not use its consent": """
        SELECT m.id FROM outreach_messages m
        JOIN subscribe_consents c ON c.member_id = m.member_id AND c.template = m.template
        WHERE (m.status IN ('sending', 'sent', 'unknown')) <> (c.remaining = 0)""",
}


# Who joined through a code, apart from those who were there before.
SCANNED_IN = (
    "CREATE TEMP TABLE scanned_in ON COMMIT DROP AS "
    "SELECT id FROM members WHERE status = 'member' AND join_entrance_id IS NOT NULL"
)


def hold(connection: psycopg.Connection[Any], book: Book, shown: list[int]) -> None:
    """Everything at once, so that a failure shows all that is broken."""
    connection.execute(SCANNED_IN)
    broken = {promise: connection.execute(query).fetchmany(5) for promise, query in BROKEN.items()}
    assert {promise: rows for promise, rows in broken.items() if rows} == {}
    assert lost(connection, book) == {}
    assert badly_sent(connection, shown) == []


def lost(connection: psycopg.Connection[Any], book: Book) -> dict[str, list[Any]]:
    """What a client was told and the database does not know exactly once."""
    there = {
        "join": "SELECT public_id FROM members JOIN scanned_in USING (id)",
        "redemption": """SELECT c.code FROM coupons c
            JOIN redemptions r ON r.member_id = c.member_id AND r.coupon_id = c.id AND r.channel <> 'parking'""",
        "receipt": "SELECT receipt_no FROM purchases",
        "payment": "SELECT public_id FROM parking_payments WHERE status = 'paid'",
        "gate": "SELECT event_id FROM gate_events",
    }
    missed = {}
    for kind, query in there.items():
        found = Counter(row[0] for row in connection.execute(query))
        missing = [told for told in book.acknowledged[kind] if found[told] != 1]
        if missing or len(set(book.acknowledged[kind])) != len(book.acknowledged[kind]):
            missed[kind] = missing
    return missed


def badly_sent(connection: psycopg.Connection[Any], shown: list[int]) -> list[str]:
    """Reminders that reached a phone twice, or that are said to be sent and reached nobody."""
    by_status = Counter(row[0] for row in connection.execute("SELECT status FROM outreach_messages"))
    faults = [f"shown {times} times" for times in shown if times > 1]
    if not by_status["sent"] <= sum(shown) <= by_status["sent"] + by_status["sending"] + by_status["unknown"]:
        faults.append(f"{sum(shown)} were shown, but {dict(by_status)}")
    return faults
