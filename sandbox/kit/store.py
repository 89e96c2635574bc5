"""The sandbox's memory: one SQLite file, so that it survives a restart like the platforms would."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Times are unix seconds (REAL), amounts fen, JSON in *_json columns.
SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL UNIQUE, unionid TEXT NOT NULL UNIQUE,
  mini_openid TEXT NOT NULL UNIQUE, oa_openid TEXT NOT NULL UNIQUE, external_userid TEXT NOT NULL UNIQUE,
  follows_oa INTEGER NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL, openid TEXT, minted_at REAL NOT NULL,
  expires_at REAL NOT NULL, replaced INTEGER NOT NULL DEFAULT 0, forced INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, kind TEXT NOT NULL, person_id TEXT NOT NULL, scope TEXT NOT NULL DEFAULT '',
  expires_at REAL NOT NULL, used_at REAL);
CREATE TABLE IF NOT EXISTS wxacodes (
  id INTEGER PRIMARY KEY, page TEXT NOT NULL, scene TEXT NOT NULL, made_at REAL NOT NULL, UNIQUE (page, scene));
CREATE TABLE IF NOT EXISTS templates (
  id TEXT PRIMARY KEY, app TEXT NOT NULL, title TEXT NOT NULL, fields_json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS consents (
  openid TEXT NOT NULL, template_id TEXT NOT NULL, credits INTEGER NOT NULL DEFAULT 0, remembered TEXT,
  PRIMARY KEY (openid, template_id));
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, person_id TEXT, phone TEXT, channel TEXT NOT NULL, sender TEXT NOT NULL,
  body_json TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS messages_person ON messages (person_id, id);
CREATE TABLE IF NOT EXISTS sms (
  message_id TEXT PRIMARY KEY, sid TEXT NOT NULL, phone TEXT NOT NULL, body_json TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS nonces (client TEXT NOT NULL, nonce TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (client, nonce));
CREATE TABLE IF NOT EXISTS contact_ways (
  config_id TEXT PRIMARY KEY, body_json TEXT NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS follows (
  external_userid TEXT NOT NULL, userid TEXT NOT NULL, state TEXT NOT NULL, remark TEXT NOT NULL,
  config_id TEXT, created_at REAL NOT NULL, PRIMARY KEY (external_userid, userid));
CREATE TABLE IF NOT EXISTS chats (
  chat_id TEXT PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, version INTEGER NOT NULL, made_at REAL NOT NULL,
  dismissed_at REAL);
CREATE TABLE IF NOT EXISTS chat_people (
  chat_id TEXT NOT NULL REFERENCES chats, external_userid TEXT NOT NULL, joined_at REAL NOT NULL,
  PRIMARY KEY (chat_id, external_userid));
CREATE TABLE IF NOT EXISTS welcome_codes (
  code TEXT PRIMARY KEY, external_userid TEXT NOT NULL, userid TEXT NOT NULL, expires_at REAL NOT NULL,
  progress TEXT NOT NULL DEFAULT 'free');
CREATE TABLE IF NOT EXISTS tag_groups (
  group_id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, ord INTEGER NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tags (
  tag_id TEXT PRIMARY KEY, group_id TEXT NOT NULL REFERENCES tag_groups, name TEXT NOT NULL, ord INTEGER NOT NULL,
  created_at REAL NOT NULL, UNIQUE (group_id, name));
CREATE TABLE IF NOT EXISTS follow_tags (
  external_userid TEXT NOT NULL, userid TEXT NOT NULL, tag_id TEXT NOT NULL,
  PRIMARY KEY (external_userid, userid, tag_id));
CREATE TABLE IF NOT EXISTS orders (
  out_trade_no TEXT PRIMARY KEY, prepay_id TEXT NOT NULL UNIQUE, transaction_id TEXT UNIQUE, state TEXT NOT NULL,
  openid TEXT NOT NULL, total_fen INTEGER NOT NULL, body_json TEXT NOT NULL, made_at REAL NOT NULL,
  paid_at REAL);
CREATE TABLE IF NOT EXISTS refunds (
  out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL,
  refund_fen INTEGER NOT NULL, body_json TEXT NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS circle_cards (
  openid TEXT PRIMARY KEY, code TEXT NOT NULL, state TEXT NOT NULL, authorised_at REAL, withdrawn_at REAL);
CREATE TABLE IF NOT EXISTS circle_payments (
  transaction_id TEXT PRIMARY KEY, openid TEXT NOT NULL, shop_number TEXT NOT NULL, shop_name TEXT NOT NULL,
  amount_fen INTEGER NOT NULL, paid_at REAL NOT NULL, state TEXT NOT NULL, by_hand INTEGER NOT NULL DEFAULT 0,
  points INTEGER, remarks TEXT NOT NULL DEFAULT '', times_told INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS circle_refunds (
  refund_id TEXT PRIMARY KEY, transaction_id TEXT NOT NULL REFERENCES circle_payments, refund_fen INTEGER NOT NULL,
  at REAL NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS circle_parkings (
  id INTEGER PRIMARY KEY, openid TEXT NOT NULL, plate TEXT NOT NULL, state TEXT NOT NULL, body_json TEXT NOT NULL,
  at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS cars (
  car_park_code TEXT NOT NULL, plate TEXT NOT NULL, place TEXT NOT NULL, barrier TEXT NOT NULL, note TEXT NOT NULL,
  due_fen INTEGER NOT NULL DEFAULT 0, person_id TEXT, session_id TEXT, event_id TEXT, changed_at REAL NOT NULL,
  PRIMARY KEY (car_park_code, plate));
CREATE TABLE IF NOT EXISTS gate_paid (
  message_id TEXT PRIMARY KEY, car_park_code TEXT NOT NULL, plate TEXT NOT NULL, body_json TEXT NOT NULL,
  at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY, channel TEXT NOT NULL, title TEXT NOT NULL, payload_json TEXT NOT NULL,
  delays_json TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due_at REAL, state TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '', made_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due_at);
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, platform TEXT NOT NULL, endpoint TEXT NOT NULL, value TEXT NOT NULL,
  remaining INTEGER);
"""


class Store:
    """Reads and transactions on the file. One writer at a time, a connection per thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "sandbox.sqlite3"
        self._local = threading.local()
        self._writer = threading.RLock()
        self._connections: list[sqlite3.Connection] = []
        with self._writer:
            self._connection().executescript(SCHEMA)

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            # Closed by close(), from another thread than the one that uses it.
            found = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = found
            self._connections.append(found)
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; inner transactions join the outer one."""
        with self._writer:
            connection = self._connection()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row or None."""
        row: sqlite3.Row | None = self._connection().execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows."""
        return self._connection().execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> int:
        """Run one statement in a transaction; the number of rows it changed."""
        with self.transaction() as connection:
            return connection.execute(sql, values).rowcount

    def insert(self, table: str, **columns: Any) -> int:
        """Insert one row; its rowid."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        with self.transaction() as connection:
            # Table and column names come from this package's own code, values are bound.
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            return connection.execute(sql, tuple(columns.values())).lastrowid or 0

    def close(self) -> None:
        """Close every thread's connection."""
        with self._writer:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()
