"""Words and facts of old rows, taken apart by the migrations that gave them columns, and put together again."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support import run

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]

# Before postings bore their act, and before reasons were codes.
BEFORE_ACTS, BEFORE_REASONS = "0026_payments_by_purpose", "0031_cases"
REASONS = {
    "消费：沸腾火锅": ("purchase", {"store": "沸腾火锅"}),
    "消费：": ("purchase", {"store": ""}),
    "退款：退款：店": ("refund", {"store": "退款：店"}),
    "完成任务：说说您的喜好": ("task", {"task": "说说您的喜好"}),
    "停车抵扣：B1 停车场": ("parking", {"car_park": "B1 停车场"}),
    "停车抵扣退回": ("parking_back", {}),
    "加入会员": ("join", {}),
    "注销会员": ("leaving", {}),
    "积分到期": ("expiry", {}),
    "合并会员": ("merge", {}),
    "补记 消费：'100%' \\ 分": ("note", {"text": "补记 消费：'100%' \\ 分"}),
    "": ("note", {"text": ""}),
}
ACTS = {
    "redemption:r1": ("redemption", None, "r1"),
    "redemption-reversal:r1": ("redemption-reversal", None, "r1"),
    "purchase:pos-2:R:17/5": ("purchase", "pos-2", "R:17/5"),
    "points:parking:p1": ("points", "parking", "p1"),
    "nothing": ("nothing", None, ""),
}
ADD_POSTING = """
    INSERT INTO postings (mall_id, merchant_id, store_id, kind, fact, business_day, accounting_day, base_fen, points,
        rate, amount_fen, occurred_at)
    VALUES (1, 1, 1, 'commission', %s, '2026-01-01', '2026-01-01', 1, 0, 1, 1, '2026-01-01')
"""
ADD_ENTRIES = {
    "points_entries": """
        INSERT INTO points_entries (member_id, kind, points, balance_after, reason, fact, occurred_at)
        VALUES (1, 'accrue', 1, 1, %s, %s, '2026-01-01')""",
    "growth_entries": """
        INSERT INTO growth_entries (member_id, growth, growth_after, reason, fact, occurred_at)
        VALUES (1, 1, 1, %s, %s, '2026-01-01')""",
}


@pytest.fixture
def database(worker_id: str) -> Iterator[str]:
    server = run.server()
    name = f"old_words_{worker_id}"
    yield server.create(name)
    server.drop(name)


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_postings_get_their_act_from_their_fact(database: str) -> None:
    run.migrate(database, "upgrade", BEFORE_ACTS)
    with psycopg.connect(database) as connection:
        connection.cursor().executemany(ADD_POSTING, [(fact,) for fact in ACTS])
    run.migrate(database, "upgrade", "0027_postings_acts")

    found = ask(database, "SELECT fact, act_kind, act_scope, act_ref FROM postings")
    assert {fact: tuple(act) for fact, *act in found} == ACTS


def test_reasons_become_codes_and_words_again(database: str) -> None:
    run.migrate(database, "upgrade", BEFORE_REASONS)
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")  # rows without the member they belong to
        for statement in ADD_ENTRIES.values():
            rows = [(reason, f"test:{number}") for number, reason in enumerate(REASONS)]
            connection.cursor().executemany(statement, rows)
    run.migrate(database, "upgrade", "0032_reasons")

    for table in ADD_ENTRIES:
        codes = ask(database, f"SELECT reason_code, reason_facts FROM {table} ORDER BY id")
        assert codes == list(REASONS.values())
    run.migrate(database, "downgrade", BEFORE_REASONS)
    for table in ADD_ENTRIES:
        assert ask(database, f"SELECT reason FROM {table} ORDER BY id") == [(reason,) for reason in REASONS]
