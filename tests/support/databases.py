"""Databases on the run's server: made empty or as copies, dropped with whoever is still connected."""

from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Server:
    """Where the run's PostgreSQL listens, and where its programs are."""

    sockets: str
    programs: str

    def url(self, database: str) -> str:
        """The address of one database, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={quote(self.sockets, safe='/')}"

    def create(self, name: str, template: str = "template1") -> str:
        """Makes a database as a copy of the template, in place of an older one, and returns its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
