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
