"""What is meant for transactions beside the one at hand, done in it, one after the other."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.orm import SessionTransaction

from app.kernel.db import db

R = TypeVar("R")


class InTurn:
    """A savepoint stands for the other transactions."""

    def __init__(self) -> None:
        self._savepoint: SessionTransaction | None = None
        self.kept = 0

    def alone(self, act: Callable[[], R]) -> R:
        return act()

    def each(self, acts: Sequence[Callable[[], R]]) -> list[R]:
        if self._savepoint is None:
            self._savepoint = db.session.begin_nested()
        return [act() for act in acts]

    def keep(self) -> None:
        self._end().commit()
        self.kept += 1

    def drop(self) -> None:
        self._end().rollback()

    def _end(self) -> SessionTransaction:
        ended, self._savepoint = self._savepoint, None
        assert ended is not None
        return ended
