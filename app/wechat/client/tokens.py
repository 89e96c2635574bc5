"""The tokens of all accounts in PostgreSQL, refreshed by one process at a time.

Two processes that refresh on their own invalidate each other's token, so whoever finds none takes the row's lock and
asks the platform; the others wait for the row and use what it then holds.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel import clock, request_slots
from app.kernel.db import db
from app.kernel.security import crypto
from app.wechat.client import rules
from app.wechat.client.models import PlatformToken

_PURPOSE = "platform_token"
# Longer than the token call's own time-outs with its retry: those who wait must outlast the one who asks.
_WAIT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """A token as the platform gave it; `life_s` is what is left of its life, in seconds."""

    value: str
    life_s: int


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its times."""

    value: str
    fetched_at: datetime
    expires_at: datetime

    def is_usable(self, now: datetime) -> bool:
        return self.fetched_at <= now < rules.renew_at(fetched_at=self.fetched_at, expires_at=self.expires_at)


@dataclass(frozen=True, slots=True)
class TokenStore:
    """One account's token: kept in memory for the common case, in the database for all processes.

    `name` must differ between accounts and between secrets of one corp; `fetch` asks the platform.
    """

    name: str
    fetch: Callable[[], Fetched]
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _memory: dict[str, Token] = field(default_factory=dict, repr=False)

    def current(self) -> str:
        """A usable token; asks the database, then the platform, only when memory has none."""
        known = self._memory.get(self.name)
        if known is not None and known.is_usable(clock.now()):
            return known.value
        return self._renewed(stale=None)

    def after(self, stale: str) -> str:
        """The token to use once the platform has refused `stale`: what another caller fetched meanwhile, or a new one.

        Asks the platform at most once.
        """
        return self._renewed(stale=stale)

    def _renewed(self, *, stale: str | None) -> str:
        # One thread of this process at a time: a crowd must not take the whole connection pool to wait for one row.
        with request_slots.given_up(), self._lock:
            known = self._memory.get(self.name)
            if known is None or known.value == stale or not known.is_usable(clock.now()):
                known = _shared(self.name, self.fetch, stale=stale)
                self._memory[self.name] = known
            return known.value


def _shared(name: str, fetch: Callable[[], Fetched], *, stale: str | None) -> Token:
    """The token of the row, refreshed under the row's lock if need be.

    This is the one transaction that stays open over a network call: it is its own, on its own connection, holds nothing
    but the lock of this row, and a process that dies frees it. The caller's unit of work is never part of it.
    """
    with Session(db.engine, join_transaction_mode="create_savepoint") as session, session.begin():
        session.execute(text(f"SET LOCAL lock_timeout = {_WAIT_MS}"))
        row = _locked(session, name)
        now = clock.now()
        held = _opened(row)
        if held is not None and held.value != stale and held.is_usable(now):
            return held
        fetched = fetch()
        token = Token(fetched.value, now, now + timedelta(seconds=fetched.life_s))
        _write(session, name, token)
        return token


def _locked(session: Session, name: str) -> PlatformToken:
    session.execute(insert(PlatformToken).values(name=name).on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(select(PlatformToken).where(PlatformToken.name == name).with_for_update()).one()


def _opened(row: PlatformToken) -> Token | None:
    if row.value_sealed is None or row.fetched_at is None or row.expires_at is None:
        return None
    try:
        value = crypto.unseal(row.value_sealed, purpose=_PURPOSE)
    except crypto.SealBroken:
        return None  # its key has left the ring: a token is fetched anew, not mourned
    return Token(value, row.fetched_at, row.expires_at)


def _write(session: Session, name: str, token: Token) -> None:
    sealed = crypto.seal(token.value, purpose=_PURPOSE)
    session.execute(
        update(PlatformToken)
        .where(PlatformToken.name == name)
        .values(value_sealed=sealed, fetched_at=token.fetched_at, expires_at=token.expires_at)
    )
