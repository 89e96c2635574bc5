"""kill -9 in the middle of an import, then the same command again: the tables are those of one undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from flask import Flask
from sqlalchemy import text

from app.kernel.db import atomic, db
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.flows.history.crash_worker import BATCH_ROWS
from tests.flows.history.files import PURCHASE, write
from tests.flows.history.snapshots import snapshot
from tests.support import run
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S

ROWS = 6 * BATCH_ROWS
IMPORTED = (
    "receipt_numbers, receipt_inbox, purchase_lines, purchases, timeline_events, points_uses, points_lots, "
    "points_entries, points_accounts, growth_entries, growth_accounts, postings"
)


class Imports:
    """The command in processes of their own, one for each call; all know the application from the one that is kept."""

    def __init__(self, url: str) -> None:
        self._kept = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.history.crash_worker"],
            cwd=run.ROOT,
            env={**os.environ, **run.environment(url)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._kept.communicate(timeout=PATIENCE_S)

    def run(self, file: Path, clock: StillClock, batch: int, where: str) -> int:
        """Returns the exit code."""
        assert self._kept.stdin is not None and self._kept.stdout is not None
        words = [str(file), clock.now.isoformat(), str(batch), where]
        self._kept.stdin.write(json.dumps(words) + "\n")
        self._kept.stdin.flush()
        return int(self._kept.stdout.readline())


@pytest.fixture
def history(tmp_path: Path, committed_app: Flask, clock: StillClock) -> Path:
    """Receipts of five members with refunds, an unknown card now and then, and a bad row in every batch."""
    chance = random.Random(7)
    with atomic():
        contract = make_contract()
        cards = [make_member(contract.mall).card_no for _ in range(5)] + ["STRANGER"]
        store = contract.store.code
    rows: list[tuple[object, ...]] = []
    for number in range(ROWS):
        at = f"2026-02-{1 + number * 28 // ROWS:02d} 12:00:00"
        amount: object = "bad" if number % BATCH_ROWS == 3 else chance.randrange(30_000)
        rows.append(("old", f"R{number}", store, chance.choice(cards), at, amount, ""))
        if number % 9 == 8:
            target = rows[-1][1] if number % BATCH_ROWS != 3 else rows[0][1]
            rows.append(("old", f"F{number}", store, "", at, -1, target))
    return write(tmp_path / "history.csv", PURCHASE, rows)


@pytest.fixture(scope="module")
def imports(_committed_app: Flask) -> Iterator[Imports]:
    with Imports(_committed_app.config["SQLALCHEMY_DATABASE_URI"]) as imports:
        yield imports


def tables() -> dict[str, list[tuple[object, ...]]]:
    with atomic():
        return snapshot()


@pytest.mark.xdist_group("killed imports")
@pytest.mark.parametrize(
    ("batch", "where"), [(1, "before_writing"), (3, "while_writing"), (4, "before_commit"), (5, "after_commit")]
)
def test_killed_and_run_again_equals_one_run(
    imports: Imports, clock: StillClock, history: Path, batch: int, where: str
) -> None:
    imports.run(history, clock, 0, "never")
    undisturbed = tables()
    rejected = history.with_name("history.csv.rejects.csv").read_text(encoding="utf-8-sig")
    with atomic():
        db.session.execute(text(f"TRUNCATE {IMPORTED} CASCADE"))
    assert imports.run(history, clock, batch, where) == -signal.SIGKILL
    done_before = len(tables()["purchases"])
    assert done_before < len(undisturbed["purchases"])
    assert (done_before > 0) == (batch > 1)
    assert imports.run(history, clock, 0, "never") == 0
    assert tables() == undisturbed
    assert history.with_name("history.csv.rejects.csv").read_text(encoding="utf-8-sig") == rejected
