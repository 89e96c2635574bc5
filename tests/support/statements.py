"""Counts the SQL statements a piece of code sends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import psycopg
import pytest

# The savepoints belong to the tests' isolation, not to the code under test.
_OURS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """Yields a list that fills with the text of every statement sent inside the block, on any connection.

    Counted at the driver, which every statement passes, also those that wait for the commit.
    """
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany"):
            patch.setattr(psycopg.Cursor, name, _noting(getattr(psycopg.Cursor, name), seen))
        yield seen


def _noting(send: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    @wraps(send)
    def noted(cursor: object, statement: str, *rest: Any, **options: Any) -> Any:
        if not statement.startswith(_OURS):
            seen.append(statement)
        return send(cursor, statement, *rest, **options)

    return noted
