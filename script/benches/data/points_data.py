"""Points of many members for the benches of points, written in bulk, equal to what the ledger's verbs write.

Every member earned 20 points seven times and spent 30 three times; entries lie in the table as time wrote them, one
member beside the next.
"""

import psycopg

ENTRIES = 10  # of each member
LEFT_OF_EACH = 5  # points, by entry

_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'member', %(mall)s, now(), now() FROM generate_series(1, %(members)s::int) n
"""
_ACCOUNTS = """
INSERT INTO points_accounts (member_id, available_points, held_points, debt_points)
SELECT n, 50, 0, 0 FROM generate_series(1, %(members)s::int) n
"""
# k: 1 to 10; every third entry after the first spends.
_ENTRIES = """
INSERT INTO points_entries (member_id, id, kind, points, balance_after, reason_code, reason_facts, fact, mall_id,
    occurred_at) OVERRIDING SYSTEM VALUE
SELECT n, (k - 1) * %(members)s::bigint + n, CASE WHEN spends THEN 'redeem' ELSE 'accrue' END,
    CASE WHEN spends THEN -30 ELSE 20 END, 20 * k - 50 * ((k - 1) / 3), 'purchase', '{"store": "门店"}',
    'purchase:pos:' || n || '-' || k, %(mall)s, now() - (11 - k) * interval '1 day'
FROM generate_series(1, 10) k CROSS JOIN LATERAL (SELECT k > 1 AND k %% 3 = 1 AS spends) way
    CROSS JOIN generate_series(1, %(members)s::int) n
"""
# The oldest lots were spent first.
_LOTS = """
INSERT INTO points_lots (member_id, entry_id, points, remaining_points, expires_on, is_grace)
SELECT member_id, id, 20, CASE WHEN k < 6 THEN 0 WHEN k = 6 THEN 10 ELSE 20 END, current_date + 365, false
FROM points_entries CROSS JOIN LATERAL (SELECT (id - 1) / %(members)s::bigint + 1 AS k) place WHERE kind = 'accrue'
"""


def fill(url: str, *, members: int) -> int:
    """Write them into a migrated database; returns how many entries there are."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys are known to hold
        connection.execute("SET statement_timeout = 0")
        [mall] = connection.execute(
            "INSERT INTO malls (code, name, city, accent, created_at)"
            " VALUES ('BENCH', '商场', '上海', '#0f766e', now()) RETURNING id"
        ).fetchone() or (0,)
        for statement in (_MEMBERS, _ACCOUNTS, _ENTRIES, _LOTS):
            connection.execute(statement, {"members": members, "mall": mall})
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return members * ENTRIES
