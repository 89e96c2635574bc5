"""Text that can be kept: PostgreSQL stores neither NUL nor lone surrogates, and XML has no control characters."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Unstorable(ValueError):
    """A text holds what no table can."""


def ensure_storable(found: Any) -> None:
    """Look through text, or whatever JSON or XML was read into; raises Unstorable.

    In JSON both arrive raw or escaped, so what was read is looked at, not what was sent.
    """
    if isinstance(found, str):
        if _UNSTORABLE.search(found):
            raise Unstorable
    elif isinstance(found, dict):
        for name, value in found.items():
            ensure_storable(name)
            ensure_storable(value)
    elif isinstance(found, list):
        for value in found:
            ensure_storable(value)


def is_storable(found: Any) -> bool:
    """Whether all text in it can be kept."""
    try:
        ensure_storable(found)
    except Unstorable:
        return False
    return True


def readable(found: Any) -> Any:
    """Text, or whatever JSON was read into, without the characters that no XML and no table can hold."""
    if isinstance(found, str):
        return _UNREADABLE.sub("", found)
    if isinstance(found, dict):
        return {readable(name): readable(value) for name, value in found.items()}
    if isinstance(found, list):
        return [readable(value) for value in found]
    return found
