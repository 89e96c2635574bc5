"""`pages`: every list and page of the console in a mall with a year of trade: time in the server, and rows read.

A line for each page: the median and the 95th percentile of the server's time over its repeats, the CPU of the process
that answers and of the database together, rows that its statements read of the tables that grow, and those of them that
were read from end to end.
`--rows 200000` fills less.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from typing import Any

import psycopg

from app.kernel import clock
from app.kernel.db import db
from app.kernel.settings import Settings
from app.web.pages import searches
from script.benches.data import pages_data, redemption_data, requests_data
from script.benches.requests import Sender
from script.benches.support import cpu, plans
from script.benches.support.figures import say
from script.benches.support.servers import Ground, ground
from script.supervisor.errors import Stop
from wsgi import create_app

ROWS = 1_000_000
REPEATS = 20
SMALLEST = 400
LIMIT_MS = 150
_BASE = f"/console/{requests_data.MALL}"


def run(arguments: list[str]) -> None:
    """Measure and print."""
    rows = int(arguments[arguments.index("--rows") + 1]) if "--rows" in arguments else ROWS
    with ground(shared_buffers="1GB") as bench:
        url = bench.migrated("pages")
        environment = bench.environment("pages")
        assert bench.cluster.process is not None  # noqa: S101 - the server runs
        pages = Pages(environment, url, database_pid=bench.cluster.process.pid)
        say(f"filling {rows:,} receipts, points entries and postings ...")
        pages.fill(rows)
        for line in pages.measure():
            sys.stdout.write(json.dumps(line | {"rows": rows}, ensure_ascii=False) + "\n")
            sys.stdout.flush()


def rehearse(bench: Ground, template: str) -> None:
    """Every page once on the smallest ground, a copy of the migrated database `template`."""
    url = bench.copied("pages", template)
    pages = Pages(bench.environment("pages"), url, database_pid=os.getpid())
    pages.fill(SMALLEST)
    pages.look()


class Pages:
    """The application on a database, and what a keeper of the mall asks it for."""

    def __init__(self, environment: dict[str, str], url: str, *, database_pid: int) -> None:
        self._environment, self._url = environment, url
        self._pids = (os.getpid(), database_pid)
        self._app = create_app(Settings.from_environment(environment))

    def fill(self, rows: int) -> None:
        """A mall with its year."""
        redemption_data.fill(self._environment, coupons=8)
        requests_data.build(self._app)
        pages_data.fill(self._app, rows=rows)

    def measure(self, only: str = "") -> Iterator[dict[str, Any]]:
        """A line for each page whose address holds `only`."""
        with self._somebody():
            for path in [path for path in self._paths() if only in path]:
                yield from self._measured(path)

    def look(self) -> None:
        """Open every page once; raises Stop for one that does not answer."""
        with self._somebody():
            for path in self._paths():
                self._get(path)

    @contextmanager
    def _somebody(self) -> Iterator[None]:
        """A keeper who is signed in; the database's connections are closed afterwards."""
        self._client, self._headers = self._signed_in()
        try:
            yield
        finally:
            with self._app.app_context():
                db.engine.dispose()

    def _signed_in(self) -> tuple[Any, dict[str, str]]:
        sender = Sender.__new__(Sender)
        sender.client = self._app.test_client(use_cookies=False)
        return sender.client, sender._signed_in("/console", requests_data.KEEPER)

    def _measured(self, path: str) -> Iterator[dict[str, Any]]:
        text = self._get(path)[1]
        yield self._line(path, path)
        behind = text.partition("cursor=")
        if behind[1]:
            address = unescape(behind[0].rpartition('"')[2] + "cursor=" + behind[2].partition('"')[0])
            yield self._line(f"{path} (second page)", address.removeprefix(_BASE))

    def _line(self, name: str, path: str) -> dict[str, Any]:
        with cpu.spent_by(*self._pids) as spent:
            times = sorted(self._get(path)[0] for _ in range(REPEATS))
        with plans.noted() as sent:
            self._get(path)
        reading = plans.read(self._url, sent, pages_data.GROWING)
        return {
            "name": name,
            "p95_ms": round(times[int(REPEATS * 0.95) - 1], 1),
            "median_ms": round(statistics.median(times), 1),
            "cpu_ms": round(spent.seconds * 1000 / REPEATS, 1),
            "limit_ms": LIMIT_MS,
            "rows_read": reading.rows,
            "scanned": sorted(reading.scanned),
        }

    def _get(self, path: str) -> tuple[float, str]:
        started = time.perf_counter()
        answer = self._client.get(f"{_BASE}{path}", headers=self._headers)
        elapsed = (time.perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise Stop(f"{path} was answered with {answer.status_code}: {answer.text[:300]}")
        return elapsed, answer.text

    def _paths(self) -> list[str]:
        day = clock.business_date(clock.now()) - timedelta(days=30)
        found = self._found()
        store, month, statement = found["store"], found["month"], found["statement"]
        first = day - timedelta(days=60)
        span, joined = f"day_from={first}&day_to={day}", f"joined_from={first}&joined_to={day}"
        return [
            *("", "?range=week", "?range=month"),
            *("/members", f"/members?{joined}", "/members/bench-7", "/members/bench-7?tab=points"),
            *("/members/bench-7?tab=coupons", "/members/bench-7?tab=growth"),
            *("/purchases", f"/purchases?day={day}", f"/purchases?{span}", f"/purchases?store={store}"),
            *("/purchases/inbox", f"/purchases/inbox?day={day}", f"/purchases/inbox?store={store}"),
            f"/purchases?q={searches.seal('B77', now=clock.now())}",
            *("/purchases?kind=refund", "/purchases?day_from=2020-01-01&sort=-amount"),
            *(
                "/redemptions",
                f"/redemptions?day={day}",
                f"/redemptions?store={store}",
                f"/redemptions?{span}",
                "/redemptions?state=reversed",
            ),
            *("/points", f"/points?day={day}&way=earned", "/points?way=spent", f"/points?{span}"),
            *("/messages", f"/messages?day={day}", "/messages?reason=no_consent", "/messages?status=failed"),
            *(
                "/parking",
                f"/parking?day={day}",
                "/parking/payments",
                f"/parking/payments?day={day}",
                "/parking?state=all",
            ),
            *("/audit", f"/audit?day={day}", "/audit?subject=redemption.", "/audit?subject=staff."),
            *("/entrances", "/entrances/scans", f"/entrances/scans?day={day}&joined=yes"),
            *("/campaigns", f"/campaigns/{found['campaign']}", "/campaigns/grants", "/cases", "/cases?tab=answered"),
            *("/settlement", "/settlement/close", f"/settlement/{month:%Y-%m}"),
            *(f"/settlement/statements/{statement}", "/contracts", f"/contracts/{found['merchant']}"),
            *("/stores", "/stores/merchants", "/staff", "/machines", "/parking/car-parks", "/messages/rules"),
        ]

    def _found(self) -> dict[str, Any]:
        with psycopg.connect(self._url) as connection:
            row = connection.execute(
                "SELECT s.statement_no, s.period, m.code, t.code, c.public_id FROM statements s "
                "JOIN merchants m ON m.id = s.merchant_id JOIN stores t ON t.merchant_id = m.id "
                "JOIN campaigns c ON c.mall_id = s.mall_id ORDER BY s.posting_count DESC, c.id LIMIT 1"
            ).fetchone()
        if row is None or not isinstance(row[1], date):
            raise Stop("no month was closed")
        return dict(zip(("statement", "month", "merchant", "store", "campaign"), row, strict=True))
