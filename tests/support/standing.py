"""What many tests begin with, built once for all of them: a database of its own in which it stands, committed.

Each test works there in a transaction that is rolled back, like all others do on a database that is empty.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask import Flask
from sqlalchemy import Engine, create_engine

from app.kernel.db import Model, atomic, db
from app.kernel.setting_values import database_url
from tests.support import run
from tests.support.clock import StillClock
from tests.support.isolation import working_on

# A dataclass: its fields are rows of the database, or values.
T = TypeVar("T")


class Standing(Generic[T]):
    """Something that stands in a copy of the template, built with the clock held when it is first asked for."""

    def __init__(self, app: Flask, name: str, build: Callable[[], Sequence[T]]) -> None:
        self._app, self._name, self._build = app, name, build
        self._built: Sequence[T] = ()

    @cached_property
    def engine(self) -> Engine:
        """The way to the database in which it stands."""
        address = database_url(run.server().create(self._name, run.TEMPLATE))
        engine = create_engine(address, **self._app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        with self._app.app_context(), working_on(engine), _held_clock():
            self._built = self._stand()
        return engine

    def found(self) -> list[T]:
        """What stands there, as the present session knows it."""
        return [
            replace(one, **{name: db.session.merge(row, load=False) for name, row in _rows(one)}) for one in self._built
        ]

    def close(self) -> None:
        """Lets go of the database."""
        if "engine" in vars(self):
            self.engine.dispose()

    def _stand(self) -> Sequence[T]:
        with atomic():
            built = self._build()
        for _, row in (found for one in built for found in _rows(one)):
            db.session.refresh(row)
        db.session.remove()
        return built


@contextmanager
def _held_clock() -> Iterator[None]:
    clock = StillClock()
    yield
    clock.release()


def _rows(one: Any) -> Iterator[tuple[str, Model]]:
    """The fields that are rows, by name."""
    for field in fields(one):
        value = getattr(one, field.name)
        if isinstance(value, Model):
            yield field.name, value
