"""Files that never change, given again as the application gave them the first time, without asking it.

A page has dozens of them, and a crowd asks for hundreds at once: nobody else's request then stands behind them in the
line for a thread. Which may be remembered the answer says itself: a whole file of this machine, `immutable`, that
depends on nothing but its address and the compression that the browser reads.
"""

from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath

from app.web.front.rsgi import Headers, Scope

MOST = 5_000
# What makes an answer another one than that which was given before.
_PARTS = ("range", "if-range", "if-none-match", "if-modified-since", "content-length", "transfer-encoding")
_CODINGS = ("br", "gzip")

_Key = tuple[str, bool, bool]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """An answer: its headers, and where the file is."""

    headers: Headers
    path: str


class Unchanging:
    """What one process knows of such files."""

    def __init__(self) -> None:
        self._known: dict[_Key, KnownFile] = {}

    def find(self, scope: Scope) -> KnownFile | None:
        """The answer that the application gave to the same question, as long as its file is there."""
        key = _key(scope)
        known = None if key is None else self._known.get(key)
        if known is None or Path(known.path).exists():
            return known
        del self._known[key]  # type: ignore[arg-type]
        return None

    def note(self, scope: Scope, status: int, headers: Headers, path: str) -> None:
        """Remember an answer that will be the same for ever."""
        key = _key(scope)
        if key is not None and status == 200 and len(self._known) < MOST and _is_for_ever(headers, path):
            self._known[key] = KnownFile(list(headers), path)


def _key(scope: Scope) -> _Key | None:
    """Who asks for the same thing; None for whatever is asked in another way than browsers ask for a whole file."""
    if scope.method != "GET" or scope.query_string or normpath(scope.path) != scope.path:
        return None
    accepted = scope.headers.get("accept-encoding") or ""
    if ";" in accepted or "*" in accepted or any(scope.headers.get(name) is not None for name in _PARTS):
        return None
    codings = {coding.strip().lower() for coding in accepted.split(",")}
    br, gzip = (coding in codings for coding in _CODINGS)
    return scope.path, br, gzip


def _is_for_ever(headers: Headers, path: str) -> bool:
    said = {name.lower(): value.lower() for name, value in headers}
    varies = said.get("vary", "accept-encoding")
    return (
        "immutable" in said.get("cache-control", "")
        and varies == "accept-encoding"
        and "set-cookie" not in said
        and not path.startswith("/dev/fd/")
    )
