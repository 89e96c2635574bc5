"""One test run's own folder: secrets, a PostgreSQL of its own, and a template database built by the migrations.

The process that the developer started (the controller) makes the folder and removes it. Whichever worker first needs
the database builds it under a lock; a run that needs none starts none. Runs side by side share nothing.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from script.supervisor import devenv
from script.supervisor.postgres import packaged_programs
from tests.support import keeper, kept
from tests.support.databases import Server

ROOT = Path(__file__).resolve().parents[2]
FOLDER_VARIABLE = "HUITOU_TEST_RUN"
GIVEN_VARIABLE = "HUITOU_TEST_SERVER"  # a server that is not the run's own; script/test --server
DISTRIBUTED_VARIABLE = "HUITOU_TEST_DISTRIBUTED"  # set when that is a cluster's coordinator
TEMPLATE = "template_huitou"
_WITHOUT_MODELS = ("upgrade", "downgrade")  # what an application of nothing but the schema can do
CLOSED_PORT = 9  # nothing listens there: a test that reaches a platform without a sandbox fails at once


def begin() -> None:
    """Makes the run's folder; only the controller calls it, workers inherit the name by the environment.

    Raises RuntimeError when the given server is not what it was said to be.
    """
    if GIVEN_VARIABLE in os.environ:
        _given("huitou-test")
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-"))
    folder.chmod(0o711)  # root's database account must pass through
    os.environ[FOLDER_VARIABLE] = str(folder)
    keeper.write_controller(folder, os.getpid())


def end() -> None:
    """Stops what the run started and removes its folder."""
    if FOLDER_VARIABLE not in os.environ:
        return  # it did not begin
    folder = Path(os.environ.pop(FOLDER_VARIABLE))
    keeper.dismiss(folder)
    if GIVEN_VARIABLE in os.environ:
        _given(folder.name).drop_all()
    shutil.rmtree(folder, ignore_errors=True)


def folder() -> Path:
    return Path(os.environ[FOLDER_VARIABLE])


def compiled_templates() -> FileSystemBytecodeCache:
    """What one application of the run has compiled of a template, the others need not."""
    place = folder() / "templates"
    place.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(place))


def environment(database_url: str) -> dict[str, str]:
    """Every setting a process of the product needs, with this run's secrets."""
    with _alone("secrets"):
        secrets = devenv.load_or_make(folder())
    return {
        **secrets,
        **devenv.addresses(CLOSED_PORT, CLOSED_PORT),
        "HUITOU_ENV": "test",
        "DATABASE_URL": database_url,
        "HUITOU_DATABASE_KIND": "distributed" if is_distributed() else "plain",
    }


def server() -> Server:
    """The run's PostgreSQL with its template database, started and built by the first caller."""
    ready = folder() / "server.json"
    with _alone("server"):
        if not ready.exists():
            if GIVEN_VARIABLE not in os.environ:
                _start_keeper()
            _build_template(_read_server())
            ready.write_text("{}", encoding="utf-8")
    return _read_server()


def is_distributed() -> bool:
    """Whether the run's databases are spread over a cluster."""
    return DISTRIBUTED_VARIABLE in os.environ


def _read_server() -> Server:
    if GIVEN_VARIABLE in os.environ:
        return _given(folder().name)
    address = json.loads((folder() / keeper.ADDRESS).read_text(encoding="utf-8"))
    return Server.at_socket(address["sockets"], address["programs"])


def _given(run_name: str) -> Server:
    """Runs side by side on one server are told apart by the names of their folders."""
    prefix = f"{run_name.replace('-', '_')}_"
    address, programs = os.environ[GIVEN_VARIABLE], str(packaged_programs())
    return Server.given(address, programs, prefix.lower(), distributed=is_distributed())


def _start_keeper() -> None:
    """Returns once the server takes connections; the keeper itself goes on in the background."""
    command = [sys.executable, "-m", "tests.support.keeper", str(folder())]
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if not (folder() / keeper.ADDRESS).exists():
        raise RuntimeError("the database of the tests did not start; its message is above")


def _build_template(server: Server) -> None:
    """Migrates an empty database once; every other database of the run is a copy of it."""
    url = server.create(TEMPLATE)
    if is_distributed():
        server.join_machines(TEMPLATE)
    migrate(url, "upgrade")
    if is_distributed():
        migrate(url, "distribute")


def migrate(database_url: str, *arguments: str) -> str:
    """Runs `flask db ...` as script/run and operators do, and returns what it printed; fails with its output."""
    merged = {**os.environ, **environment(database_url)}
    app = "cli.schema" if arguments[0] in _WITHOUT_MODELS else "wsgi"
    done = kept.run("flask", "--app", app, "db", *arguments, environment=merged)
    if done.returncode != 0:
        raise RuntimeError(f"flask db {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Holds a lock over all workers of the run; the system frees it when its holder dies."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
