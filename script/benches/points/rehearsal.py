"""`rehearsal`: a million purchases of 90 days earn once more by two sets of rules, against the bare SELECT of them.

Rules with a category rate, a member day and a campaign beside the plain ones. A line in seconds with rows per second;
planned and counted part by part as the job does it, durably. `--purchases N` fills less.
"""

import time
from datetime import date, timedelta

import psycopg
from sqlalchemy import text

from app.kernel import clock
from app.kernel.db import atomic, db, one_moment, take_long
from app.kernel.runs.inquiries import Asker
from app.malls.models import Mall, Merchant, Store
from app.points.earning.extras import CampaignExtra, MemberDayExtra
from app.points.earning.rules import Rules
from app.points.rehearsals import rehearsals
from app.points.rehearsals.results import Result
from app.workers.inquiries import answering
from app.workers.points import rehearsing
from script.benches.support import settled
from script.benches.support.figures import Sample, alternate, report, say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop

PURCHASES = 1_000_000
OF_EACH = 10
REPEATS = 3

_MEMBERS = """
INSERT INTO members (id, public_id, status, home_mall_id, joined_at, created_at) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'member', %(mall)s, now(), now() FROM generate_series(1, %(members)s::int) n
"""
_PURCHASES = """
INSERT INTO purchases (member_id, source, receipt_no, mall_id, merchant_id, store_id, occurred_at, amount_fen, is_first,
    recorded_at)
SELECT n, 'pos', n || '-' || k, %(mall)s, %(merchant)s, %(store)s, now() - (k * 8 + n %% 8 + 1) * interval '1 day',
    5000 + n * 37 %% 20000, false, now()
FROM generate_series(1, 10) k CROSS JOIN generate_series(1, %(members)s::int) n
"""
_LIMIT = """
SELECT member_id, merchant_id, store_id, occurred_at, is_first, amount_fen FROM purchases
WHERE mall_id = :mall AND occurred_at >= :first AND occurred_at < :last AND refund_of_id IS NULL
"""


def run(arguments: list[str]) -> None:
    """Measure and print."""
    purchases = int(arguments[arguments.index("--purchases") + 1]) if "--purchases" in arguments else PURCHASES
    with ground(shared_buffers="1GB") as bench:
        bench.migrated("rehearsal")
        say(f"writing {purchases:,} purchases ...")
        replayed, read = _measure(bench, members=purchases // OF_EACH, repeats=REPEATS)
    seconds = min(sample.value for sample in replayed)
    scale = {"purchases": purchases, "rows_per_second": round(purchases / seconds), "durable": True}
    report("rehearsal", replayed, read, unit="s", scale=scale)


def rehearse(bench: Ground, template: str) -> None:
    """One rehearsal and its limit on the smallest ground, a copy of the migrated database `template`."""
    bench.copied("rehearsal", template)
    _measure(bench, members=3, repeats=1)


def _measure(bench: Ground, *, members: int, repeats: int) -> list[list[Sample]]:
    with settled.application(bench.environment("rehearsal")):
        mall_id = _fill(bench.cluster.url("rehearsal"), members)
        wanted = members * OF_EACH
        return alternate(lambda: _replay(mall_id, wanted), lambda: _read(mall_id, wanted), repeats=repeats)


def _fill(url: str, members: int) -> int:
    now = clock.now()
    with atomic():
        mall = Mall(code="BENCH", name="商场", city="上海", accent="#0f766e", created_at=now)
        merchant = Merchant(code="B1", name="商户", created_at=now)
        db.session.add_all([mall, merchant])
        db.session.flush()
        store = Store(
            mall_id=mall.id,
            merchant_id=merchant.id,
            code="S1",
            name="门店",
            floor="2F",
            category_code="dining",
            active=True,
            created_at=now,
        )
        db.session.add(store)
        db.session.flush()
        place = {"mall": mall.id, "merchant": merchant.id, "store": store.id, "members": members}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys are known to hold
        connection.execute("SET statement_timeout = 0")
        for statement in (_MEMBERS, _PURCHASES):
            connection.execute(statement, place)
        connection.execute("VACUUM ANALYZE")
    return place["mall"]


def _rules(today: date) -> Rules:
    campaign = CampaignExtra(bps=5_000, title="周年庆", first_day=today - timedelta(days=30), last_day=today)
    return Rules(category_rates_bps={"dining": 5_000}, extras=(MemberDayExtra(bps=10_000, weekdays=(2,)), campaign))


def _replay(mall_id: int, wanted: int) -> Sample:
    now = clock.now()
    with atomic():
        by = Asker(staff_id=1, name="bench", mall_id=mall_id)
        asked = rehearsals.ask(_rules(clock.business_date(now)), by=by, now=now)
        public_id = asked.public_id
    started = time.perf_counter()
    while answering.work_next(rehearsing.STEPS, public_id):
        pass
    elapsed = time.perf_counter() - started
    with atomic():
        result = Result.read(rehearsals.get(mall_id, public_id).result)
    if result.purchases != wanted:
        raise Stop(f"{result.purchases} purchases were rehearsed, not {wanted}")
    return Sample(elapsed)


def _read(mall_id: int, wanted: int) -> Sample:
    today = clock.business_date(clock.now())
    span = {"first": clock.start_of_day(today - timedelta(days=rehearsals.DAYS)), "last": clock.start_of_day(today)}
    started = time.perf_counter()
    with one_moment():
        take_long()
        rows = db.session.execute(text(_LIMIT), {"mall": mall_id} | span).all()
    elapsed = time.perf_counter() - started
    if len(rows) != wanted:
        raise Stop(f"{len(rows)} purchases were read, not {wanted}")
    return Sample(elapsed)
