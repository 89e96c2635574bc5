"""Members with a year and more of purchases, visits and refunds for the bench of the lifecycle, written in bulk.

A member's habits come from their number: some come weekly, most now and then, some stopped long ago, so that every
stage is there and a day changes few of them. The last days are there too, for nights to follow one another.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

LAST = date(2026, 3, 10)
NIGHTS = 3  # days after LAST that have rows
EVENTS = 18  # of a member, on average

_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'member', %(mall)s, at, at
FROM (SELECT n, %(last)s::date - (n * 7919 %% 700)::int + time '12:00' at time zone 'UTC' AS at
      FROM generate_series(1, %(members)s::bigint) n) joined
"""
# Every event of a member: which day it is about, and what it is. A third are purchases.
_EVENTS = """
CREATE UNLOGGED TABLE bench_acts AS
SELECT m.id AS member_id, k, m.id * 100 + k AS number,
    ((%(last)s::date + %(nights)s::int - stretched.days::int)::timestamp + interval '3 hours'
        + ((m.id * 31 + k * 977) %% 36000) * interval '1 second') AT TIME ZONE 'UTC' AS at,
    CASE k %% 3 WHEN 0 THEN 'purchased' WHEN 1 THEN 'visited' ELSE 'coupon_claimed' END AS kind,
    (100 + (m.id * 131 + k * 7177) %% 90000)::bigint AS fen
FROM members m CROSS JOIN generate_series(1, %(events)s::int) k
CROSS JOIN LATERAL (SELECT (hashint8(m.id * 64 + k) & 1023) * (1 + (m.id %% 5)) / 6
    + CASE WHEN m.id %% 11 = 0 THEN 120 ELSE 0 END AS days) stretched
"""
_PURCHASES = """
INSERT INTO purchases (member_id, id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen,
    refund_of_id, is_first, recorded_at) OVERRIDING SYSTEM VALUE
SELECT member_id, number, 'bench', number::text, %(mall)s, %(merchant)s, %(store)s, at, fen, NULL, false, at
FROM bench_acts WHERE kind = 'purchased' ORDER BY at
"""
_REFUNDS = """
INSERT INTO purchases (member_id, id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen,
    refund_of_id, is_first, recorded_at) OVERRIDING SYSTEM VALUE
SELECT member_id, number + 50, 'bench', number || '-R', %(mall)s, %(merchant)s, %(store)s, at + interval '2 days',
    CASE WHEN number %% 2 = 0 THEN -fen ELSE -fen / 2 END, number, false, at
FROM bench_acts WHERE kind = 'purchased' AND (member_id * 7 + k) %% 50 = 0
"""
_TIMELINE = """
INSERT INTO timeline_events (member_id, kind, fact, occurred_at, mall_id, store_id, source)
SELECT member_id, kind, 'bench:' || number, at, %(mall)s, NULL::bigint, 'bench' FROM bench_acts
UNION ALL SELECT member_id, 'refunded', 'bench:' || id, occurred_at, %(mall)s, NULL::bigint, 'bench'
FROM purchases WHERE refund_of_id IS NOT NULL
ORDER BY 4
"""


def fill(url: str, *, members: int, place: dict[str, int]) -> None:
    """Write them into a migrated database; `place` names mall, merchant and store."""
    values: dict[str, Any] = {"members": members, "last": LAST, "nights": NIGHTS, "events": EVENTS, **place}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys are known to hold
        for statement in (_MEMBERS, _EVENTS, _PURCHASES, _REFUNDS, _TIMELINE):
            connection.execute(statement, values)
        connection.execute("DROP TABLE bench_acts")
        connection.execute("VACUUM ANALYZE")


def copy_out(url: str, folder: Path) -> Sequence[Path]:
    """The facts as CSV files, one for each table."""
    day = "(occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day"
    wanted = {
        "members": "SELECT id, (joined_at AT TIME ZONE 'Asia/Shanghai')::date AS joined_on FROM members",
        "purchases": f"SELECT member_id, id, {day}, amount_fen, refund_of_id FROM purchases",  # noqa: S608 - constants
        "timeline_events": f"SELECT member_id, kind, {day} FROM timeline_events",  # noqa: S608 - constants
    }
    files = []
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table, query in wanted.items():
            files.append(folder / f"{table}.csv")
            with files[-1].open("wb") as out, cursor.copy(f"COPY ({query}) TO STDOUT CSV") as copy:
                for part in copy:
                    out.write(part)
    return files
