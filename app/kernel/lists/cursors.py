"""Cursors: a place in a list as text for an address, opaque to whoever carries it and checked when it comes back.

A cursor opens nothing: a list's own conditions say which rows somebody sees, and a made-up place only lets them begin
elsewhere among these. So it is not signed. It names the order it belongs to, and of its values the database gets only
such as it can compare.
"""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from app.kernel.errors import BadCursor

_TEXT = re.compile(r"[A-Za-z0-9_-]{1,1000}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_WHOLE = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Place:
    """Between two rows: behind the row with these values or, `back`, before it."""

    values: tuple[Any, ...]
    back: bool = False


def write(place: Place, *, order: str) -> str:
    """The place as text; `order` says what the list is sorted by."""
    values = [_KINDS[_kind_of(value)][0](value) for value in place.values]
    text = json.dumps([_mark(order), int(place.back), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, *, order: str, kinds: Sequence[type]) -> Place:
    """The place that was written for this order, with values of these kinds; raises BadCursor."""
    if not _TEXT.fullmatch(text):
        raise BadCursor
    try:
        mark, back, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = tuple(_KINDS[kind][1](value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadCursor from error
    if mark != _mark(order) or back not in (0, 1):
        raise BadCursor
    return Place(found, bool(back))


def ensure_kind(kind: type) -> None:
    """Raises TypeError for a kind of values that no cursor can hold."""
    if kind not in _KINDS:
        raise TypeError(f"a cursor cannot hold {kind.__name__}")


def _mark(order: str) -> int:
    return crc32(order.encode())


def _kind_of(value: Any) -> type:
    """Raises TypeError for null, too: there is no place behind it."""
    ensure_kind(type(value))
    return type(value)


def _whole(value: Any) -> int:
    if type(value) is not int or value not in _WHOLE:
        raise ValueError("no whole number of the database")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text of the database")
    value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return value


# How values of a kind are written, and read again.
_KINDS: dict[type, tuple[Callable[[Any], int | str], Callable[[Any], Any]]] = {
    int: (int, _whole),
    str: (str, _text),
    date: (date.toordinal, lambda value: date.fromordinal(_whole(value))),
    datetime: (
        lambda value: (value - _EPOCH) // _TICK,
        lambda value: _EPOCH + _TICK * _whole(value),
    ),
}
