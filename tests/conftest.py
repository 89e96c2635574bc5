"""Fixtures of all tests: real PostgreSQL, rolled back after each test; committed data only for races.

A test whose folder needs no database (checks, script, sandbox) or that is marked `no_database` gets none.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect
from sqlalchemy.orm import Session, scoped_session

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.settings import Settings
from app.web import context
from app.wechat.client.transport import Timeouts
from app.wechat.gateway import Gateway
from script.setup_steps import browser as chromium
from tests.builders.identity import make_member
from tests.builders.settlement import Contract, make_contract
from tests.support import chromium_flags, collecting, kept, network, run, statements
from tests.support import platforms as sandbox
from tests.support.clock import StillClock
from tests.support.copies import Copy
from tests.support.isolation import Client, rolled_back
from tests.support.platforms import Platforms
from tests.support.sql import judging
from wsgi import create_app

WITHOUT_DATABASE = {"checks", "script", "sandbox"}
_TESTS = Path(__file__).parent
_RARELY = (20_000, 20, 20)  # when garbage is collected: new objects, and rounds of each generation for one of the next

# A machine that does much besides is slow; that is no fault of what is tested.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()
    _keep_compiled()
    network.close()
    config.pluginmanager.register(judging)
    config.pluginmanager.register(collecting)
    expect.set_options(timeout=chromium_flags.PATIENCE_MS)
    if not hasattr(config, "workerinput"):
        try:
            run.begin()
        except RuntimeError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_collection_finish() -> None:
    """What is there when the first test starts stays to the end: no collection of garbage looks at it again.

    Nor does one look while it is made, and afterwards not as often as the interpreter would: next to nothing is found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    kept.dismiss()
    if not hasattr(config, "workerinput"):
        run.end()


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> str:
    """This worker's own database, a copy of the template that the migrations built."""
    return run.server().create(f"test_{worker_id}", run.TEMPLATE)


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    """Settings of this worker; platforms point at a closed port until a test starts a sandbox."""
    return Settings.from_environment(run.environment(database_url))


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on this worker's database; made once: between requests it holds counts alone."""
    flask_app = _testing(settings)
    yield flask_app
    _close(flask_app)


@pytest.fixture
def db_session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The session, inside a transaction that is rolled back after the test."""
    with rolled_back(app) as session:
        yield session


@pytest.fixture(autouse=True)
def _isolated(request: pytest.FixtureRequest) -> None:
    """Gives every test its rolled-back session, but for those that need no database or commit to one of their own."""
    folder = request.path.relative_to(_TESTS).parts[0]
    alone = folder in WITHOUT_DATABASE or request.node.get_closest_marker("no_database") is not None
    if not alone and "committed_app" not in request.fixturenames:
        request.getfixturevalue("db_session")


@pytest.fixture
def client(app: Flask, db_session: scoped_session[Session]) -> Client:
    """A client whose requests see what the test flushed, and whose changes the test sees."""
    return Client(app, app.response_class)


@pytest.fixture(scope="session")
def _committed(worker_id: str) -> Copy:
    """A database of this worker where everything is committed."""
    return Copy(run.server(), f"committed_{worker_id}", run.TEMPLATE)


@pytest.fixture(scope="session")
def _committed_app(_committed: Copy) -> Iterator[Flask]:
    """A second application, on that database."""
    flask_app = _testing(Settings.from_environment(run.environment(_committed.renew())))
    yield flask_app
    _close(flask_app)


@pytest.fixture
def committed_app(_committed_app: Flask, _committed: Copy) -> Iterator[Flask]:
    """The application for races and crashes: its database as good as new, an app context for the test itself."""
    _committed.renew()
    with _committed_app.app_context():
        context.tallies().clear()
        yield _committed_app
        db.session.remove()
        in_use = db.engine.pool.checkedout()  # type: ignore[attr-defined]
        db.engine.dispose()
        assert in_use == 0, "something that the test started still uses the database"


@pytest.fixture
def committed_database_url(worker_id: str) -> Iterator[str]:
    """A migrated database of its own for processes that the test starts; gone after the test."""
    server = run.server()
    name = f"processes_{worker_id}"
    yield server.create(name, run.TEMPLATE)
    server.drop(name)


@pytest.fixture
def committed_db(committed_app: Flask) -> scoped_session[Session]:
    """The session of the committed database, for builders; commit by `atomic()`."""
    return db.session


@pytest.fixture
def clock() -> Iterator[StillClock]:
    """The one clock, held at a Wednesday morning until the test moves it."""
    still = StillClock()
    yield still
    still.release()


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    """A merchant with one store under contract: 5 % commission, 0.50 yuan for 100 points."""
    return make_contract()


@pytest.fixture
def member(contract: Contract) -> Member:
    """A member of the contract's mall."""
    return make_member(contract.mall)


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox for this test alone."""
    with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused") as standing:
        yield standing


@pytest.fixture
def count_statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_statements() as seen:` collects the SQL statements sent inside the block."""
    return statements.count_statements


def _keep_compiled() -> None:
    """A hundred processes of a run import the same modules: the first compiles them, whatever the machine prefers."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _testing(settings: Settings) -> Flask:
    flask_app = create_app(settings)
    flask_app.testing = True  # an unexpected error fails the test with its own trace
    # Nobody answers at the closed port, however long a call waits before it tries again.
    flask_app.extensions["huitou.gateway"].close()
    flask_app.extensions["huitou.gateway"] = Gateway.from_settings(settings, timeouts=Timeouts(pause_s=0.001))
    flask_app.jinja_env.bytecode_cache = run.compiled_templates()
    return flask_app


def _close(flask_app: Flask) -> None:
    with flask_app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium instead of a browser that the tool would download."""
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": chromium_flags.QUIET}
