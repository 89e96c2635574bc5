"""kill -9 in the middle of an import, then the same command again: the tables are those of one undisturbed run."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

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

ROWS = 6 * BATCH_ROWS
IMPORTED = (
    "receipt_numbers, receipt_inbox, purchase_lines, purchases, timeline_events, points_uses, points_lots, "
    "points_entries, points_accounts, growth_entries, growth_accounts, postings"
)


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


def run_import(app: Flask, file: Path, clock: StillClock, batch: int, where: str) -> int:
    """The command in a process of its own; returns its exit code."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    words = [
        sys.executable,
        "-m",
        "tests.flows.history.crash_worker",
        str(file),
        clock.now.isoformat(),
        str(batch),
        where,
    ]
    done = subprocess.run(words, cwd=run.ROOT, env={**os.environ, **run.environment(url)}, check=False)
    return done.returncode


def tables() -> dict[str, list[tuple[object, ...]]]:
    with atomic():
        return snapshot()


@pytest.mark.parametrize(
    ("batch", "where"), [(1, "before_writing"), (3, "while_writing"), (4, "before_commit"), (5, "after_commit")]
)
def test_killed_and_run_again_equals_one_run(
    committed_app: Flask, clock: StillClock, history: Path, batch: int, where: str
) -> None:
    run_import(committed_app, history, clock, 0, "never")
    undisturbed = tables()
    rejected = history.with_name("history.csv.rejects.csv").read_text(encoding="utf-8-sig")
    with atomic():
        db.session.execute(text(f"TRUNCATE {IMPORTED}"))
    assert run_import(committed_app, history, clock, batch, where) == -signal.SIGKILL
    done_before = len(tables()["purchases"])
    assert done_before < len(undisturbed["purchases"])
    assert (done_before > 0) == (batch > 1)
    assert run_import(committed_app, history, clock, 0, "never") == 0
    assert tables() == undisturbed
    assert history.with_name("history.csv.rejects.csv").read_text(encoding="utf-8-sig") == rejected
