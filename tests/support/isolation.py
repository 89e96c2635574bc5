"""Each test inside one outer transaction that is rolled back, whatever the code under test commits or rolls back."""

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.web import context


@contextmanager
def rolled_back(app: Flask, on: Engine | None = None) -> Iterator[scoped_session[Session]]:
    """Opens an app context whose session, like those of requests, works inside one transaction that never commits.

    It works on the application's database, or on another one.
    """
    with app.app_context():
        context.tallies().clear()
        engine = db.engine
        with (on or engine).connect() as connection:
            _set_savepoints_as_text(connection.dialect)
            outer = connection.begin()
            db.engines[None] = connection
            # Without savepoints a rollback inside a view would end the outer transaction, too.
            db.session.session_factory.configure(join_transaction_mode="create_savepoint")
            try:
                yield db.session
            finally:
                db.session.remove()
                db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
                db.engines[None] = engine
                outer.rollback()


@contextmanager
def working_on(engine: Engine) -> Iterator[None]:
    """Lets the application of the present context work on another database, whose connections are closed after."""
    own, db.engines[None] = db.engine, engine
    try:
        yield
    finally:
        db.session.remove()
        db.engines[None] = own
        engine.dispose()


def _set_savepoints_as_text(dialect: Dialect) -> None:
    """Every session of a test is a savepoint, two for each request: SQLAlchemy would compile each of them anew."""
    dialect.do_savepoint = _saying("SAVEPOINT")  # type: ignore[method-assign]
    dialect.do_rollback_to_savepoint = _saying("ROLLBACK TO SAVEPOINT")  # type: ignore[method-assign]
    dialect.do_release_savepoint = _saying("RELEASE SAVEPOINT")  # type: ignore[method-assign]


def _saying(words: str) -> Callable[[Connection, str], None]:
    def say(connection: Connection, name: str) -> None:
        connection.exec_driver_sql(f"{words} {name}")

    return say


class Client(FlaskClient):
    """Sends each request in a context of its own, as a server would, and lets the test see what it changed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.flush()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return response
