"""Rows that older code left without something, and the migrations that give it to them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support import run

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]

ADD_TOTAL = """
    INSERT INTO till_totals (source, store_id, business_day, till, mall_id, receipt_count, amount_fen, told_at,
        differs, came_count, came_fen)
    VALUES ('pos', 1, '2026-01-01', %s, 1, 1, 100, '2026-01-02', %s, %s, %s)
"""
ADD_MALL = """
    INSERT INTO malls (id, code, name, city, accent, created_at) OVERRIDING SYSTEM VALUE
    VALUES (%s, %s, '', '', '#000000', '2026-01-01')
"""
ADD_ROLE = "INSERT INTO staff_roles (staff_id, role, scope, mall_id) VALUES (%s, 'operations', %s, %s)"
ADD_KEY = """
    INSERT INTO idempotency_keys (caller, key, fingerprint, status, answer, created_at)
    VALUES (%s, %s, '', 303, jsonb_build_object('location', %s::text), '2026-01-01')
"""
ADD_REHEARSAL = """
    INSERT INTO tier_rehearsals (id, public_id, staff_id, mall_id, asked_at, staff_name, due_at, attempts, done_at,
        old_document, document, members, counted, reached_id, result)
    OVERRIDING SYSTEM VALUE
    VALUES (%s, %s, %s, 1, '2026-01-01', '', '2026-01-01', 0, '2026-01-01', '{}', '{}', 0, 0, 0, '[]')
"""
ADD_VERSION = "INSERT INTO tier_rehearsal_versions (version_id, inquiry_id) VALUES (%s, %s)"


@pytest.fixture
def database(worker_id: str) -> Iterator[str]:
    server = run.server()
    name = f"mended_rows_{worker_id}"
    yield server.create(name, run.TEMPLATE)
    server.drop(name)


def fill(url: str, statement: str, rows: list[tuple[Any, ...]]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # rows without those they belong to
        connection.cursor().executemany(statement, rows)


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_days_of_tills_without_what_came_are_compared_again(database: str) -> None:
    run.migrate(database, "downgrade", "0129_inquiries_of_malls")
    totals = [("fits", False, None, None), ("differs", True, None, None), ("known", False, 1, 100)]
    fill(database, ADD_TOTAL, totals)
    run.migrate(database, "upgrade", "0130_totals_compared_again")

    left = dict(ask(database, "SELECT till, differs FROM till_totals"))
    assert left == {"fits": None, "differs": None, "known": False}


def test_what_was_asked_by_who_works_in_several_malls_is_read_where_it_was_asked_or_in_all(database: str) -> None:
    run.migrate(database, "downgrade", "0130_totals_compared_again")
    fill(database, ADD_MALL, [(1, "EAST"), (2, "WEST"), (3, "NORTH")])
    fill(database, ADD_ROLE, [(1, "all", None), (2, "1", 1), (2, "2", 2), (3, "1", 1)])
    asked = ["everywhere", "at_two", "at_one", "known", "published"]
    ask(database, "SELECT setval(pg_get_serial_sequence('tier_rehearsals', 'id'), 5)")
    fill(database, ADD_REHEARSAL, list(zip(range(1, 6), asked, (1, 2, 3, 1, 1), strict=True)))
    fill(database, ADD_VERSION, [(1, 5)])
    kept = [("staff:1", "a", "/console/WEST/tiers/ladder/trials/known"), ("staff:2", "b", "/console/WEST/members/7")]
    fill(database, ADD_KEY, kept)
    before = ask(database, "SELECT public_id, mall_id FROM tier_rehearsals ORDER BY id")
    run.migrate(database, "upgrade", "0131_inquiries_elsewhere")

    first = ask(database, "SELECT public_id, mall_id FROM tier_rehearsals WHERE id < 6 ORDER BY id")
    assert first == [(name, 2 if name == "known" else 1) for name, _ in before]
    copies = ask(database, "SELECT staff_id, mall_id FROM tier_rehearsals WHERE id > 5")
    assert sorted(copies) == [(1, 2), (1, 3), (2, 2)]
    run.migrate(database, "downgrade", "0130_totals_compared_again")
    assert ask(database, "SELECT public_id, mall_id FROM tier_rehearsals ORDER BY id") == first
