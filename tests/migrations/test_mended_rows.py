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
    INSERT INTO malls (id, code, name, city, accent, created_at)
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
    VALUES (%s, %s, %s, 1, '2026-01-01', '', '2026-01-01', 0, '2026-01-01', '{}', '{}', 0, 0, 0, '[]')
"""
ADD_VERSION = "INSERT INTO tier_rehearsal_versions (version_id, inquiry_id) VALUES (%s, %s)"
ADD_STANDING = """
    INSERT INTO tier_standings (member_id, tier_code, began_at, ends_at, replaced_at, why, counted)
    VALUES (%s, 'gold', %s, '2027-03-01', %s, %s, 0)
"""
ADD_GROWTH = """
    INSERT INTO growth_entries (member_id, growth, growth_after, counting, reason_code, reason_facts, fact, occurred_at)
    VALUES (%s, %s, 0, %s, '', '{}', %s, %s)
"""
ADD_MERGE = """
    INSERT INTO member_merges (from_member_id, into_member_id, moved, carried, why, actor_kind, actor_name, mall_id,
        merged_at)
    VALUES (%s, %s, '[]', '{}', 'case', 'system', '', 1, '2026-06-01')
"""


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


def test_standings_after_refunds_and_merges_get_the_growth_of_their_whole_period(database: str) -> None:
    run.migrate(database, "downgrade", "0131_inquiries_elsewhere")
    began, refunded, merged = "2026-03-01", "2026-09-02", "2026-06-01"
    standings = [
        (1, began, refunded, "risen"),
        (1, refunded, None, "taken_back"),
        (2, began, merged, "risen"),
        (3, merged, None, "merged"),
        (4, began, None, "risen"),
    ]
    grown = [
        (1, 2_000, None, began),
        (1, 1_500, None, "2026-04-01"),
        (1, 8_500, None, "2026-09-01"),
        (1, -8_500, None, refunded),
        (2, 2_000, None, began),
        (2, 900, 700, "2026-04-01"),
        (2, -2_900, -2_900, merged),
        (3, 40, None, "2026-02-01"),
        (3, 150, None, "2026-03-15"),
        (3, 2_900, 2_900, merged),
        (4, 500, None, "2026-04-01"),
    ]
    fill(database, ADD_STANDING, standings)
    fill(database, ADD_GROWTH, [(*one[:3], f"n:{number}", one[3]) for number, one in enumerate(grown)])
    fill(database, ADD_MERGE, [(2, 3)])
    run.migrate(database, "upgrade", "0132_growth_of_whole_periods")

    found = ask(database, "SELECT member_id, why, brought FROM tier_standings ORDER BY member_id, id")
    assert [one for one in found if one[1] != "risen"] == [(1, "taken_back", 1_500), (3, "merged", 850)]
    assert {brought for _, why, brought in found if why == "risen"} == {0}
