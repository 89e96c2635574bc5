"""Servers for one bench: a durable PostgreSQL, the product as in production, the sandbox. All end with their block."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from script.supervisor import children, database, devenv, ports, web
from script.supervisor.children import Child, Program
from script.supervisor.postgres import Cluster

ROOT = database.ROOT
# As a production server would be set up on a small machine; every commit waits for the disk.
PRODUCTION_LIKE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "work_mem": "32MB",
}
START_SECONDS = 60
_PROXIES = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


@dataclass(frozen=True, slots=True)
class Served:
    """A running program of the product and the port it answers on."""

    port: int
    child: Child

    @property
    def pid(self) -> int:
        assert self.child.process is not None  # noqa: S101 - it is running
        return self.child.process.pid


@dataclass(frozen=True, slots=True)
class Ground:
    """What one bench stands on: a folder and a PostgreSQL of its own."""

    folder: Path
    cluster: Cluster
    sandbox_port: int

    def environment(self, name: str, port: int = 9) -> dict[str, str]:
        """The settings of a production process on one of the databases; the sandbox plays the platforms."""
        made = {**devenv.load_or_make(self.folder), **devenv.addresses(port, self.sandbox_port)}
        production = {
            "HUITOU_ENV": "production",
            "HUITOU_PUBLIC_URL": "https://huitou.test",
            "HUITOU_FRAME_ANCESTOR": "",
            "DATABASE_URL": self.cluster.url(name),
        }
        return {**os.environ, **made, **production, **_PROXIES}

    def migrated(self, name: str) -> str:
        """Makes a database with the product's schema and returns its address."""
        self.cluster.ensure_database(name)
        database.migrate(self.environment(name))
        return self.cluster.url(name)

    def copied(self, name: str, template: str) -> str:
        """Makes a database as a copy of another, in place of an older one, and returns its address."""
        self.cluster.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.cluster.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.cluster.url(name)

    @contextmanager
    def web(
        self, name: str, *, workers: int = web.WORKERS, settings: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[Served]:
        """The product's web server on a database, as in production; `settings` override those of its environment."""
        port = free_port()
        environment = {**self.environment(name, port), **settings}
        command = web.command(environment, ports.LOOPBACK, port, workers=workers)
        with self.running("web", command, environment, _healthy(port)) as child:
            yield Served(port, child)

    @contextmanager
    def sandbox(self, name: str, product_port: int = 9) -> Iterator[Served]:
        """The stand-in for the platforms, on the port that `environment` names."""
        environment = {
            **self.environment(name),
            "HUITOU_ENV": "development",
            "SANDBOX_DATA": str(self.folder / "sandbox"),
            "SANDBOX_PRODUCT_URL": f"http://{ports.LOOPBACK}:{product_port}",
        }
        port = self.sandbox_port
        command = [sys.executable, "-m", "sandbox"]
        with self.running("sandbox", command, environment, lambda: ports.answers(port)) as child:
            yield Served(port, child)

    @contextmanager
    def running(
        self, name: str, command: Sequence[str], environment: dict[str, str], ready: Callable[[], bool]
    ) -> Iterator[Child]:
        """Any program, from ready to ended."""
        log = self.folder / f"{name}.log"
        child = Child(name, Program(command, environment, ROOT, log).launch, ready, log)
        child.start()
        try:
            children.wait_ready([child], seconds=START_SECONDS, pause=threading.Event().wait)
            yield child
        finally:
            child.stop()


@contextmanager
def ground(**settings: str) -> Iterator[Ground]:
    """A folder and a durable PostgreSQL, gone after the block; `settings` override PostgreSQL's."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-bench-", dir=_roomy()))
    folder.chmod(0o711)  # root's database account must pass through
    cluster = Cluster.at(folder / "postgres", {**PRODUCTION_LIKE, **settings})
    try:
        cluster.start()
        yield Ground(folder, cluster, free_port())
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on, nor on the next one."""
    return ports.find_free()


def _healthy(port: int) -> Callable[[], bool]:
    return lambda: ports.is_healthy(port, "/healthz")


def _roomy() -> Path:
    """A folder on the disk of the checkout: /tmp may be memory, where a durable commit costs nothing."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
