"""The signed cookie that carries messages and typed words to the next page.

Browsers drop a cookie that is too large without a word, and with it the reason why a form was refused. So nothing is
put in that would not fit; whatever the declared forms can hold does (a test fills them all).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, Request, Response, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData

# Name, value and attributes together: 4096 is what every browser keeps.
MOST_BYTES = 3_900


class PageCookie(SessionMixin):
    """What the cookie carries, verified and read when first asked for: what programs send never asks."""

    modified = False

    def __init__(self, read: Callable[[], SecureCookieSession | None]) -> None:
        self._read = read
        self._values: dict[str, Any] | None = None

    @property
    def is_read(self) -> bool:
        """Whether anything was asked of it."""
        return self._values is not None

    def _known(self) -> dict[str, Any]:
        if self._values is None:
            self._values = dict(self._read() or {})
        return self._values

    def __getitem__(self, key: str) -> Any:
        return self._known()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._known()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._known()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


class PageCookies(SecureCookieSessionInterface):
    """Flask's, but a cookie is read when needed, and one that cannot be read any more is an empty one.

    Its browser would see only errors otherwise.
    """

    def open_session(self, app: Flask, request: Request) -> PageCookie:  # type: ignore[override]
        read = super().open_session

        def read_or_forget() -> SecureCookieSession | None:
            try:
                return read(app, request)
            except BadData:
                return None

        return PageCookie(read_or_forget)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie if it was changed."""
        if not isinstance(session, PageCookie) or session.is_read:
            super().save_session(app, session, response)


def keep(key: str, typed: Mapping[str, Sequence[str]]) -> bool:
    """Keep what was typed for the next page; False when it is too much, and the longest fields were left out, whole."""
    kept = dict(sorted(typed.items(), key=lambda field: sum(map(len, field[1]))))
    session[key] = kept
    while kept and not _fits():
        kept.popitem()
    return len(kept) == len(typed)


def _fits() -> bool:
    """One more message of the kit would still fit."""
    signer = PageCookies().get_signing_serializer(current_app)
    return signer is not None and len(signer.dumps(dict(session))) <= MOST_BYTES - 200
