"""What the segment bench stands on: a group of any size with purchases, refunds, visits, profiles and merges."""

from sqlalchemy import text

from app.kernel.db import atomic, db

# Of a thousand members so many turned out to be another, and so many switched profiling off.
MERGED, UNPROFILED = 2, 20
_DAYS = 730

_MALL = """
INSERT INTO malls (id, code, name, city, accent, created_at) OVERRIDING SYSTEM VALUE
VALUES (1, 'BENCH', 'Bench', '-', '#0f766e', :now)
"""
_MERCHANT = "INSERT INTO merchants (id, code, name, created_at) OVERRIDING SYSTEM VALUE VALUES (1, 'B', 'Bench', :now)"
_STORES = """
INSERT INTO stores (id, mall_id, merchant_id, code, name, floor, category_code, active, created_at)
    OVERRIDING SYSTEM VALUE
SELECT n, 1, 1, 'S' || n, 'S' || n, '1F', (ARRAY['dining', 'fashion', 'kids', 'beauty'])[n % 4 + 1], true, :now
FROM generate_series(1, 40) n
"""
_TIERS = (
    "INSERT INTO tier_ladders (effective_from, document, created_at, created_by) SELECT '2000-01-01', "
    """ '{"period_months": null, "at_end": "kept", "rungs": [{"code": "silver", "name": "S", "threshold": 0},"""
    """ {"code": "gold", "name": "G", "threshold": 2000}, {"code": "black", "name": "B", "threshold": 50000}]}',"""
    """ now(), 'bench'"""
)
_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at, merged_into_id)
    OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, CASE WHEN is_merged THEN 'merged' ELSE 'member' END, 1, joined, joined,
    CASE WHEN is_merged THEN n - 1 END
FROM (
    SELECT n, n % 1000 BETWEEN 500 AND 499 + :merged * 2 AND n % 2 = 1 AS is_merged,
        cast(:now AS timestamptz) - (hashint4(n) & 1023) * interval '1 day' AS joined
    FROM generate_series(1, :members) n
) numbered
ORDER BY n
"""
_PURCHASES = """
INSERT INTO purchases (member_id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, is_first,
    recorded_at)
SELECT m, 'bench', n::text, 1, 1, s, at, fen, false, at
FROM (
    SELECT n, (hashint8(n) & 1073741823) % :members + 1 AS m, (hashint8(n + 7) & 1023) % 40 + 1 AS s,
        (hashint8(n + 11) & 65535) + 1000 AS fen,
        cast(:now AS timestamptz) - (hashint8(n + 13) & 65535) % :days * interval '1 day' AS at
    FROM generate_series(1, :members * 3) n
) bought
ORDER BY at, n
"""
_REFUNDS = """
INSERT INTO purchases (member_id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen,
    refund_of_id, is_first, recorded_at)
SELECT member_id, 'bench', 'R' || id, 1, 1, store_id, occurred_at, -amount_fen / (1 + id % 2), id, false, recorded_at
FROM purchases WHERE id % 50 = 0
"""
_EVENTS = """
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, source)
SELECT (hashint8(n + 17) & 1073741823) % :members + 1,
    (ARRAY['visited', 'browsed', 'parking_paid', 'scanned'])[n % 4 + 1], n::text,
    cast(:now AS timestamptz) - (hashint8(n + 19) & 65535) % :days * interval '1 day', 1, ''
FROM generate_series(1, :members * 4) n
ORDER BY 4, n
"""
_GROWTH = """
INSERT INTO growth_accounts (member_id, growth)
SELECT id, hashint8(id + 23) & 8191 FROM members WHERE status = 'member' AND id % 10 <> 0
"""
_STANDINGS = """
INSERT INTO tier_standings (member_id, tier_code, began_at, why, counted)
SELECT member_id, 'gold', :now, 'opening', growth FROM growth_accounts WHERE growth >= 2000
"""
_PROFILES = """
INSERT INTO member_profiles (member_id, birth_month, birth_day, birthday_first_on, skipped, profiling_off_at,
    changed_at)
SELECT id, id % 12 + 1, id % 28 + 1, DATE '2026-01-01', '{}', CASE WHEN id % 1000 < :unprofiled THEN :now END, :now
FROM members WHERE status = 'member' AND (id % 3 = 0 OR id % 1000 < :unprofiled)
"""
_PREFERENCES = """
INSERT INTO member_preferences (member_id, category, chosen_at)
SELECT id, (ARRAY['kids', 'dining', 'fashion'])[id % 3 + 1], :now FROM members WHERE status = 'member' AND id % 2 = 0
"""
_FILL = (
    _MALL,
    _MERCHANT,
    _STORES,
    _TIERS,
    _MEMBERS,
    _PURCHASES,
    _REFUNDS,
    _EVENTS,
    _GROWTH,
    _STANDINGS,
    _PROFILES,
    _PREFERENCES,
)
_READ = "members, purchases, timeline_events, growth_accounts, tier_standings, member_profiles, member_preferences"


def fill(members: int, *, now: object) -> None:
    """Write everything, by as few statements as tables, and let the planner look at it."""
    values = {"members": members, "now": now, "merged": MERGED, "unprofiled": UNPROFILED, "days": _DAYS}
    with atomic():
        db.session.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _FILL:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            db.session.execute(text(statement), used)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(f"VACUUM ANALYZE {_READ}")
