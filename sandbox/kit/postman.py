"""Outgoing callbacks: kept in the store, signed afresh for each attempt, retried on the platform's schedule."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.kit.clock import Clock
from sandbox.kit.faults import Faults
from sandbox.kit.requestlog import RequestLog
from sandbox.kit.store import Store

logger = logging.getLogger(__name__)

TIMEOUT_S = 5
# How long a callback that is held back waits for another one to overtake it.
OVERTAKE_S = 10
_IDLE_S = 1.0


@dataclass(frozen=True)
class Letter:
    """One HTTP request to the product, ready to go."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Route:
    """How a channel's payload becomes a request, when an answer counts as taken, and what to do then."""

    build: Callable[[dict[str, Any]], Letter]
    is_taken: Callable[[requests.Response], bool]
    after: Callable[[dict[str, Any], requests.Response], None] | None = None


class Postman:
    """Delivers callbacks in the background; `deliver_due` does it in the caller's thread."""

    def __init__(self, store: Store, clock: Clock, faults: Faults, log: RequestLog) -> None:
        self._store, self._clock, self._faults, self._log = store, clock, faults, log
        self._routes: dict[str, Route] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def add_route(self, channel: str, route: Route) -> None:
        """Teach the postman a channel; channels are named after their platform."""
        self._routes[channel] = route

    def post(self, channel: str, title: str, payload: dict[str, Any], delays_s: list[float]) -> list[int]:
        """Queue a callback; `delays_s` are the waits before each attempt after the first. Ids of the queued rows.

        The faults `duplicate` and `out_of_order` strike here.
        """
        copies = 2 if self._faults.strike("duplicate", channel, title) else 1
        held = self._faults.strike("out_of_order", channel, title) is not None
        now = self._clock.now()
        ids = [
            self._store.insert(
                "deliveries",
                channel=channel,
                title=title,
                payload_json=json.dumps(payload, ensure_ascii=False),
                delays_json=json.dumps(delays_s),
                due_at=now + OVERTAKE_S if held else now,
                state="held" if held else "due",
                made_at=now,
            )
            for _ in range(copies)
        ]
        self._wake.set()
        return ids

    def resend(self, delivery_id: int) -> bool:
        """Send a callback once more, whatever became of it; False when it is unknown."""
        sql = "UPDATE deliveries SET state = 'due', due_at = ? WHERE id = ?"
        found = self._store.write(sql, self._clock.now(), delivery_id) == 1
        self._wake.set()
        return found

    def deliver_due(self, pool: ThreadPoolExecutor | None = None) -> int:
        """Attempt every callback that is due, in order; how many there were."""
        sql = "SELECT * FROM deliveries WHERE state IN ('due', 'held') AND due_at <= ? ORDER BY due_at, id"
        with self._store.transaction() as connection:
            rows = self._store.all(sql, self._clock.now())
            going = [(row["id"],) for row in rows]
            connection.executemany("UPDATE deliveries SET state = 'going' WHERE id = ?", going)
        if pool is None:
            for row in rows:
                self._attempt(row)
        else:
            # Not waited for: a product that is slow to take one callback must not delay the others.
            for row in rows:
                pool.submit(self._attempt_logged, row)
        return len(rows)

    def _attempt_logged(self, row: sqlite3.Row) -> None:
        try:
            self._attempt(row)
        except Exception:
            logger.exception("callback failed", extra={"delivery": row["id"]})

    def _attempt(self, row: sqlite3.Row) -> None:
        payload = json.loads(row["payload_json"])
        route = self._routes[row["channel"]]
        started = time.perf_counter()
        try:
            letter = route.build(payload)
            answer = _send(letter)
            taken, outcome = route.is_taken(answer), f"HTTP {answer.status_code}"
        except requests.RequestException as error:
            answer, taken, outcome = None, False, type(error).__name__
        except Exception:  # A payload that cannot be built must not stop the others.
            logger.exception("callback could not be built", extra={"delivery": row["id"]})
            answer, taken, outcome = None, False, "not built"
        took_ms = round((time.perf_counter() - started) * 1000)
        self._log.add(
            at=self._clock.now(),
            way="out",
            platform=row["channel"],
            method="POST",
            path=row["title"],
            query="",
            body="",
            status=answer.status_code if answer is not None else 0,
            errcode=outcome,
            fault="",
            ms=took_ms,
        )
        self._settle(row, taken, outcome)
        if taken and answer is not None and route.after is not None:
            route.after(payload, answer)

    def _settle(self, row: sqlite3.Row, taken: bool, outcome: str) -> None:
        delays = json.loads(row["delays_json"])
        attempts = row["attempts"] + 1
        again = not taken and attempts <= len(delays)
        due_at = self._clock.now() + delays[attempts - 1] if again else None
        state = "taken" if taken else "due" if again else "given_up"
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE deliveries SET attempts = ?, state = ?, due_at = ?, outcome = ? WHERE id = ?",
                (attempts, state, due_at, outcome, row["id"]),
            )
            # Whatever was held back has now been overtaken.
            connection.execute(
                "UPDATE deliveries SET state = 'due', due_at = ? WHERE state = 'held' AND channel = ? AND id <> ?",
                (self._clock.now(), row["channel"], row["id"]),
            )
        self._wake.set()

    def start(self) -> None:
        """Start the background thread; callbacks a former process left in flight are due again."""
        self._store.write("UPDATE deliveries SET state = 'due' WHERE state = 'going'")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox-postman", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the background thread after the attempts under way."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(TIMEOUT_S * 2)
            self._thread = None

    def _run(self) -> None:
        with ThreadPoolExecutor(4, "sandbox-callback") as pool:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    sent = self.deliver_due(pool)
                except sqlite3.Error:
                    logger.exception("callbacks could not be read")
                    sent = 0
                if not sent:
                    self._wake.wait(self._wait_s())

    def _wait_s(self) -> float:
        row = self._store.one("SELECT min(due_at) AS due_at FROM deliveries WHERE state IN ('due', 'held')")
        if row is None or row["due_at"] is None:
            return _IDLE_S
        return float(min(max(row["due_at"] - self._clock.now(), 0.01), _IDLE_S))


def _send(letter: Letter) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False  # The product stands on this machine: no proxy in between.
        return session.post(
            letter.url, data=letter.body, headers=letter.headers, timeout=TIMEOUT_S, allow_redirects=False
        )


def send_now(letter: Letter) -> requests.Response:
    """Send outside the queue, for machines that wait for the answer (gate, till). Raises requests.RequestException."""
    return _send(letter)
