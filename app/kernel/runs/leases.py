"""Claims of work that takes longer than a lease: renewed as long as their worker lives, so that the lease can be short.

A worker that was killed renews nothing, and whoever waits for its work gets another worker as soon as the lease is
over, not after the longest time that the work may take.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Queue

logger = logging.getLogger(__name__)

# A lease is renewed so many times before it would be over: one that comes late or fails loses nothing.
_BEATS = 3


@contextmanager
def renewed(queue: Queue[Any], claim: Claim) -> Iterator[None]:
    """Keep a claim this worker's for as long as the block runs, on a connection of its own."""
    ended = threading.Event()
    args = (db.engine, queue, claim, ended)
    keeper = threading.Thread(target=_keep, args=args, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(engine: Engine, queue: Queue[Any], claim: Claim, ended: threading.Event) -> None:
    while not ended.wait(queue.lease.total_seconds() / _BEATS):
        try:
            with engine.begin() as connection:
                connection.execute(outbox.renewal(queue, claim, now=clock.now()))
        except SQLAlchemyError:
            logger.warning("a lease was not renewed", extra={"queue": queue.model.__name__, "key": str(claim.key)})
