"""A savepoint that takes no round trip of its own: it is set and kept with the statements beside it.

For what the session has no objects of yet; `session.begin_nested` also takes back what happened to objects.
"""

from app.kernel.db import db
from app.kernel.fastpath import driver, pending

_NAME = "taken"


def take() -> None:
    """Set the savepoint, with the next statement; within a unit of work, and only one at a time."""
    _wait(f"SAVEPOINT {_NAME}")


def keep() -> None:
    """Keep what was done since `take`, with the next statement."""
    _wait(f"RELEASE SAVEPOINT {_NAME}")


def undo() -> None:
    """Take back what was done since `take`, and what waits."""
    session = db.session()
    pending.of(session).drop()
    driver.execute(session.connection(), f"ROLLBACK TO SAVEPOINT {_NAME}", ())
    keep()


def _wait(sql: str) -> None:
    session = db.session()
    pending.of(session).add(session.connection(), sql, (), None)
