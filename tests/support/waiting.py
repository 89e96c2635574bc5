"""Seeing one transaction wait for another."""

import threading
from collections.abc import Callable

from sqlalchemy import text

from app.kernel.db import db
from tests.support.patience import PATIENCE_S


def is_somebody_waiting() -> bool:
    """Whether any transaction on this database waits for a lock."""
    db.session.execute(text("SELECT pg_stat_clear_snapshot()"))  # else a transaction keeps seeing what it saw first
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(db.session.scalar(text(waiting)))


def wait_until(happened: Callable[[], bool]) -> None:
    """Asks again and again; a race test must see the lock being waited for, and no event tells of it."""
    patience = threading.Event()
    for _ in range(int(PATIENCE_S) * 100):
        if happened():
            return
        patience.wait(0.01)
    raise AssertionError("it never happened")
