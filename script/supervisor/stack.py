"""The whole stack on one machine: its folders, its environment, its processes, in the order they start and stop."""

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from script.supervisor import banner, children, database, devenv, note, ports, web
from script.supervisor.children import Child, Program
from script.supervisor.errors import Stop
from script.supervisor.postgres import Cluster

ROOT = database.ROOT
START_SECONDS = 120  # a loaded machine is slow, not broken
LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    port: int
    data: Path
    demo: bool
    lan: bool

    @property
    def sandbox_port(self) -> int:
        return self.port + 1

    @property
    def host(self) -> str:
        return "0.0.0.0" if self.lan else ports.LOOPBACK  # noqa: S104 - asked for by --lan

    @property
    def public_url(self) -> str:
        return f"http://{ports.network_address() if self.lan else ports.LOOPBACK}:{self.port}"


@dataclass
class Stack:
    """Everything that runs for one `script/run`."""

    options: Options
    say: Callable[[str], None] = print
    children: list[Child] = field(default_factory=list)
    cluster: Cluster | None = None
    lock: IO[str] | None = None
    is_noted: bool = False
    leaving: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        """Starts everything and returns once the first page can be asked for."""
        self._take_data_folder()
        ports.ensure_free(self.options.port, self.options.host, what="the web server")
        ports.ensure_free(self.options.sandbox_port, ports.LOOPBACK, what="the sandbox")
        environment = self._environment()
        database.migrate(environment)
        sandbox, *others = self._processes(environment)
        self._start([sandbox])
        sign_ins = self._load_demo(environment, sandbox) if self.options.demo else []
        # Minutes may have passed: whoever has taken the port since would answer in the web server's place.
        ports.ensure_free(self.options.port, self.options.host, what="the web server")
        self._start(others)
        self._await([sandbox, *others])
        note.write(self.options.data, environment)
        self.is_noted = True
        self._greet(sign_ins, environment["HUITOU_PUBLIC_URL"])

    def _load_demo(self, environment: dict[str, str], sandbox: Child) -> list[dict[str, str]]:
        return database.load_demo(environment, self.options.data, await_sandbox=lambda: self._await([sandbox]))

    def _start(self, processes: list[Child]) -> None:
        for child in processes:
            self.children.append(child)
            child.start()

    def _await(self, processes: list[Child]) -> None:
        children.wait_ready(processes, seconds=START_SECONDS, pause=self.leaving.wait)

    def look_after(self) -> None:
        """Keeps every process running until somebody asks to leave; raises Stop when one cannot be kept."""
        while not self.leaving.wait(LOOK_SECONDS):
            for child in self.children:
                word = child.look_after()
                if word:
                    self.say(word)

    def close(self) -> None:
        """Ends all processes, the database last and cleanly."""
        if self.is_noted:
            note.remove(self.options.data)
        servants = [child for child in self.children if child.name != "PostgreSQL"]
        for child in servants:
            child.ask_to_stop()
        for child in servants:
            child.wait_stopped()
        if self.cluster is not None:
            self.cluster.stop()
        if self.lock is not None:
            self.lock.close()

    def _take_data_folder(self) -> None:
        """One stack per data folder: the system frees the lock when its holder dies."""
        data = self.options.data
        try:
            data.mkdir(parents=True, exist_ok=True)
            self.lock = (data / "run.lock").open("a+", encoding="ascii")
        except OSError as error:
            raise Stop(f"The data folder {data} cannot be used ({error.strerror}): choose one with --data.") from error
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.lock.seek(0)
            raise Stop(
                f"Another script/run (process {self.lock.read().strip() or 'unknown'}) uses {data}: "
                "end it with Ctrl-C there, or choose another folder and port: script/run --data DIR --port 8100."
            ) from error
        self.lock.truncate(0)
        self.lock.write(str(os.getpid()))
        self.lock.flush()

    def _environment(self) -> dict[str, str]:
        """Development secrets and addresses; what the caller's environment says wins."""
        options = self.options
        made = {
            **devenv.load_or_make(options.data),
            **devenv.addresses(options.port, options.sandbox_port),
            "HUITOU_PUBLIC_URL": options.public_url,
            "SANDBOX_DATA": str(options.data / "sandbox"),
        }
        fixed = {"HUITOU_ENV": "development", "PYTHONUNBUFFERED": "1", "DATABASE_URL": self._database_url()}
        return {**made, **os.environ, **fixed, **_around_the_proxy()}

    def _database_url(self) -> str:
        external = os.environ.get("DATABASE_URL", "").strip()
        if external:
            database.ensure_reachable(external)
            return external
        self.cluster = Cluster.at(self.options.data / "postgres")
        self.cluster.start()
        self.cluster.ensure_database(database.NAME)
        server = self.cluster
        child = Child("PostgreSQL", server.launch, server.is_ready, server.log, stop_signal=signal.SIGINT)
        child.process = server.process
        self.children.append(child)
        return server.url(database.NAME)

    def _processes(self, environment: dict[str, str]) -> list[Child]:
        options = self.options
        sandbox, jobs = [sys.executable, "-m", "sandbox"], database.flask_command("jobs", "run")
        serve = web.command(environment, options.host, options.port)
        return [
            self._child("sandbox", sandbox, environment, lambda: ports.answers(options.sandbox_port)),
            self._child("web", serve, environment, lambda: self._is_healthy("/healthz")),
            # Ready to work is more than alive: schema current, and the jobs process heard of.
            self._child("jobs", jobs, environment, lambda: self._is_healthy("/readyz")),
        ]

    def _is_healthy(self, path: str) -> bool:
        return ports.is_healthy(self.options.port, path)

    def _child(self, name: str, command: list[str], environment: dict[str, str], ready: Callable[[], bool]) -> Child:
        log = self.options.data / "logs" / f"{name}.log"
        program = Program(command, environment, ROOT, log)
        return Child(name, program.launch, ready, log)

    def _greet(self, sign_ins: list[dict[str, str]], public_url: str) -> None:
        sandbox_url = f"http://{ports.LOOPBACK}:{self.options.sandbox_port}"
        self.say(f"\n{banner.qr(f'{public_url}/h5/')}\n\n{banner.addresses(public_url, sandbox_url)}\n")
        if sign_ins:
            self.say(f"Demo sign-ins:\n{banner.sign_ins(sign_ins)}\n")
        self.say(f"Logs: {self.options.data / 'logs'}. Ctrl-C stops everything.")


def _around_the_proxy() -> dict[str, str]:
    """Product and sandbox speak to each other directly, whatever proxy the rest of the machine uses."""
    known = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    hosts = ",".join(filter(None, [known, ports.LOOPBACK, "localhost"]))
    return {"NO_PROXY": hosts, "no_proxy": hosts}
