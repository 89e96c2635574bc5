"""The database of a development machine: embedded or by DATABASE_URL, migrated, with the demo mall loaded once."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from cli.demo import directory
from script.setup_steps import progress
from script.supervisor.children import die_with_parent
from script.supervisor.errors import DISK_FULL, Stop, is_disk_full

ROOT = Path(__file__).resolve().parents[2]
NAME = "huitou"
_DEMO_NOTE = "demo.json"
_TWIN_TRUTH = "twin-truth.csv"


def ensure_reachable(url: str) -> None:
    """Raises Stop with what to do when the database of DATABASE_URL does not answer."""
    try:
        with psycopg.connect(_plain(url), connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise Stop(
            f"DATABASE_URL cannot be reached: {str(error).strip()}\n"
            "Check that the server runs and that the address, account and password are right "
            "(postgresql://account:password@host:5432/database), or unset DATABASE_URL to use the embedded server."
        ) from error
    if version < 140000:
        raise Stop(f"DATABASE_URL is PostgreSQL {version // 10000}; version 14 or newer is needed.")


def migrate(environment: Mapping[str, str]) -> None:
    """Brings the schema to this code's version; quick when it is there already."""
    wanted = (ROOT / "migrations" / ".head").read_text(encoding="ascii").strip()
    if _version(environment["DATABASE_URL"]) != wanted:
        flask(["db", "upgrade"], environment, "Migrating the database", app="cli.schema")


def load_demo(environment: Mapping[str, str], data: Path, *, await_sandbox: Callable[[], None]) -> list[dict[str, str]]:
    """Loads the demo mall unless this database has it; returns the demo sign-ins.

    `await_sandbox` returns once the platforms that make the codes of the demo's entrances answer.
    """
    note = data / _DEMO_NOTE
    # The demo's gate lives at the sandbox's address, so another port means loading again, which then only rewires it.
    loaded_for = f"{environment['DATABASE_URL']} {environment['SANDBOX_PORT']}"
    digest = hashlib.sha256(loaded_for.encode()).hexdigest()
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if known.get("database") != digest:
        await_sandbox()
        step = progress.Step("Loading the demo mall", re.compile(r"demo members (\d+)/(\d+)"))
        progress.run(step, flask_command("demo", "load"), environment=environment, log="demo")
        _make_twin(environment, data)
        known = {"database": digest, "sign_ins": directory.sign_ins()}
        note.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        note.chmod(0o600)
    return list(known["sign_ins"])


def _make_twin(environment: Mapping[str, str], data: Path) -> None:
    """A year of shopping beside the demo's story, once: whoever is there is not made again."""
    step = progress.Step("Making members with a history", re.compile(r"twin members (\d+)/(\d+)"))
    options = ["--mall", directory.MALLS[0].code, "--effects", "then", "--truth", str(data / _TWIN_TRUTH)]
    options += ["--workers", str(min(2, os.cpu_count() or 1))]
    command = flask_command("twin", "make", *options)
    progress.run(step, command, environment=environment, log="twin")


def flask_command(*words: str, app: str = "wsgi") -> list[str]:
    """The command line of a flask command of the product."""
    return [sys.executable, "-m", "flask", "--app", app, *words]


def flask(words: list[str], environment: Mapping[str, str], label: str, *, app: str = "wsgi") -> str:
    """Runs a flask command as an operator would and returns its output; raises Stop with its last words."""
    done = subprocess.run(
        flask_command(*words, app=app),
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        preexec_fn=die_with_parent(15),
    )
    if done.returncode == 0:
        return done.stdout
    if is_disk_full(done.stderr):
        raise Stop(DISK_FULL)
    tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-15:])
    raise Stop(f"{label} failed (flask {' '.join(words)}):\n{tail}")


def _version(url: str) -> str | None:
    """The migration the schema stands at; None for an empty database."""
    with psycopg.connect(_plain(url), connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _plain(url: str) -> str:
    """The address as libpq takes it, without SQLAlchemy's name of the driver."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.startswith("postgres"):
        raise Stop("DATABASE_URL must look like postgresql://account:password@host:5432/database.")
    return f"postgresql://{rest}"
