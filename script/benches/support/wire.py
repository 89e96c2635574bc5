"""What goes over the wire to PostgreSQL: statements and round trips, as libpq itself writes them down."""

import os
import re
import tempfile
from dataclasses import dataclass
from typing import Any

from psycopg.pq import Trace
from sqlalchemy import Engine, event

_SENT = re.compile(r'^F\t\d+\t(?:Execute\t|Query\t "(?!BEGIN|COMMIT|ROLLBACK))', re.MULTILINE)
_ANSWERED = re.compile(r"^B\t\d+\tReadyForQuery", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Statements without BEGIN, COMMIT and ROLLBACK; round trips with them."""

    statements: int
    round_trips: int


class Wire:
    """Listens to every connection that an engine opens from now on."""

    def __init__(self, engine: Engine) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        event.listen(engine, "connect", self._listen)

    def _listen(self, connection: Any, record: object) -> None:
        connection.pgconn.trace(os.dup(self._file.fileno()))
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)

    def close(self) -> None:
        """Forget what was written down; the engine's connections are closed by now."""
        self._file.close()

    def read(self) -> Traffic:
        """What went over it since the last reading."""
        self._file.seek(0)
        text = self._file.read()
        self._file.seek(0)
        self._file.truncate()
        return Traffic(len(_SENT.findall(text)), len(_ANSWERED.findall(text)))
