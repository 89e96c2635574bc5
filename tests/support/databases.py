"""Databases on the run's server: made empty or as copies, dropped with whoever is still connected.

The server is the run's own, or one that `script/test --server` names. That may be the coordinator of a Citus cluster:
then every database is made on all of its machines, under one name, as the cluster wants it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

COPY_SECONDS = 30
_FILE_COPY_SINCE = 150_000  # PostgreSQL 15; before, it was the only way
_MACHINES = "SELECT nodename, nodeport FROM pg_dist_node WHERE isactive AND groupid {} 0 ORDER BY nodeport"


@dataclass(frozen=True, slots=True)
class Server:
    """An address on every machine, the one that processes connect to first; where PostgreSQL's programs are."""

    addresses: tuple[str, ...]
    programs: str
    prefix: str = ""

    @classmethod
    def at_socket(cls, folder: str, programs: str) -> "Server":
        """The run's own server."""
        return cls((f"postgresql://postgres@/postgres?host={quote(folder, safe='/')}",), programs)

    @classmethod
    def given(cls, address: str, programs: str, prefix: str, *, distributed: bool) -> "Server":
        """A server of somebody else: names of databases begin with the prefix. The address of a cluster's coordinator
        names a database that knows the other machines.
        """
        workers = _workers(address) if distributed else []
        return cls((address, *workers), programs, prefix)

    def url(self, database: str) -> str:
        """The address of one database, as DATABASE_URL takes it."""
        return _with_database(self.addresses[0], f"{self.prefix}{database}")

    def create(self, name: str, template: str | None = None) -> str:
        """Makes a database as a copy of the template, in place of an older one, and returns its address."""
        source = "template1" if template is None else f"{self.prefix}{template}"
        self.drop(name)
        for address in reversed(self.addresses):
            _copy(address, f"{self.prefix}{name}", source)
        return self.url(name)

    def drop(self, name: str) -> None:
        for address in self.addresses:
            _drop(address, f"{self.prefix}{name}")

    def drop_all(self) -> None:
        """Drops every database that begins with the prefix."""
        for address in self.addresses:
            with psycopg.connect(address, autocommit=True) as connection:
                rows = connection.execute("SELECT datname FROM pg_database").fetchall()
            for (name,) in rows:
                if self.prefix and name.startswith(self.prefix):
                    _drop(address, name)

    def join_machines(self, name: str) -> None:
        """Makes a cluster of one database's parts on all machines."""
        parts = [_with_database(address, f"{self.prefix}{name}") for address in self.addresses]
        for part in parts:
            with psycopg.connect(part, autocommit=True) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
        with psycopg.connect(self.addresses[0]) as known:
            coordinators = known.execute(_MACHINES.format("=")).fetchall()
            workers = known.execute(_MACHINES.format("<>")).fetchall()
        with psycopg.connect(parts[0], autocommit=True) as connection:
            for row in coordinators:
                connection.execute("SELECT citus_set_coordinator_host(%s, %s)", row)
            for row in workers:
                connection.execute("SELECT citus_add_node(%s, %s)", row)


def _copy(address: str, name: str, template: str) -> None:
    """The cluster's own background process may still sit in the template: it is sent away until the copy succeeds."""
    deadline = time.monotonic() + COPY_SECONDS
    for again in _until(deadline):
        with psycopg.connect(address, autocommit=True) as connection:
            strategy = " STRATEGY FILE_COPY" if connection.info.server_version >= _FILE_COPY_SINCE else ""
            words = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
            try:
                connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
                return
            except psycopg.errors.ObjectInUse:
                if not again:
                    raise
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (template,)
                )


def _until(deadline: float) -> Iterator[bool]:
    while True:
        yield time.monotonic() < deadline


def _drop(address: str, name: str) -> None:
    """Whoever is connected is sent away; on a busy machine they are not always gone within the server's patience."""
    words = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for again in _until(time.monotonic() + COPY_SECONDS):
        with psycopg.connect(address, autocommit=True) as connection:
            try:
                connection.execute(words)
                return
            except psycopg.errors.ObjectInUse:
                if not again:
                    raise


def _workers(address: str) -> list[str]:
    """The other machines of a cluster, with the account of the coordinator's address."""
    with psycopg.connect(address) as connection:
        if connection.execute("SELECT to_regclass('pg_dist_node') IS NULL").fetchone() == (True,):
            raise RuntimeError(
                "--distributed wants a database of a Citus cluster that knows its machines (citus_add_node)"
            )
        rows = connection.execute(_MACHINES.format("<>")).fetchall()
    return [_with_machine(address, host, port) for host, port in rows]


def _with_database(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{quote(database)}"))


def _with_machine(address: str, host: str, port: int) -> str:
    parts = urlsplit(address)
    account, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{account}{at}{host}:{port}"))
