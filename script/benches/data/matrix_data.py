"""Members with a history of stages for the bench of the matrix, written in bulk: where each stands, and how they came.

A member moves every other month or so, from their number alone; the last move says where they stand now.
"""

from datetime import date
from pathlib import Path

import psycopg

LAST = date(2026, 3, 10)
DAYS = 420

_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'member', %(mall)s, at, at
FROM (SELECT n, %(last)s::date - %(days)s::int + time '12:00' at time zone 'UTC' AS at
      FROM generate_series(1, %(members)s::int) n) joined
"""
# Each step adds one to seven stages, round and round, and one to a hundred days.
_CHANGES = """
INSERT INTO stage_changes (member_id, home_mall_id, day, old_stage, stage, old_activity, activity, why, known_on,
    last_presence_on, last_behaviour_on, recent_purchases, year_purchases, year_fen, purchases, monetary_fen)
SELECT member_id, %(mall)s, day, coalesce(lag(stage) OVER steps, ''), stage, 'active', 'active', 'bought', day, day,
    day, 1, 1, 100, 1, 100
FROM (SELECT m AS member_id, k,
        %(last)s::date - %(days)s::int + (sum(1 + (hashint8(m * 32 + k) & 127)) OVER (PARTITION BY m ORDER BY k))::int
            AS day,
        ('{1,2,3,4,5,6-warning,6-sleeping,6-lost}'::text[])[
            1 + (sum(1 + (hashint8(m * 64 + k) & 1023) %% 7) OVER (PARTITION BY m ORDER BY k)) %% 8] AS stage
      FROM generate_series(1, %(members)s::bigint) m CROSS JOIN generate_series(1, 12) k) moves
WHERE day <= %(last)s
WINDOW steps AS (PARTITION BY member_id ORDER BY k)
ORDER BY day, member_id
"""
_STAGES = """
INSERT INTO member_stages (member_id, home_mall_id, is_plain, stage, activity, since, known_on, last_presence_on,
    last_behaviour_on, recent_purchases, year_purchases, year_fen, purchases, monetary_fen)
SELECT DISTINCT ON (member_id) member_id, home_mall_id, true, stage, activity, day, day, day, day, 1, 1, 100, 1, 100
FROM stage_changes ORDER BY member_id, day DESC, id DESC
"""


def fill(url: str, *, members: int, mall_id: int) -> int:
    """Write them into a migrated database; returns how many moves there are."""
    values = {"members": members, "last": LAST, "days": DAYS, "mall": mall_id}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys are known to hold
        for statement in (_MEMBERS, _CHANGES, _STAGES):
            connection.execute(statement, values)
        connection.execute("VACUUM ANALYZE")
        [moves] = connection.execute("SELECT count(*) FROM stage_changes").fetchone() or (0,)
        return int(moves)


def copy_out(url: str, folder: Path) -> dict[str, Path]:
    """Where members stand and how they moved, as CSV files by table."""
    wanted = {
        "stages": "SELECT member_id, stage FROM member_stages",
        "moves": "SELECT member_id, id, day, old_stage FROM stage_changes WHERE old_stage <> stage",
    }
    files = {name: folder / f"{name}.csv" for name in wanted}
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name, query in wanted.items():
            statement = f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"  # constants
            with files[name].open("wb") as out, cursor.copy(statement) as copy:
                for part in copy:
                    out.write(part)
    return files
