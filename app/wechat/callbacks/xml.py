"""The XML of callbacks, as nested dicts; anything unreadable is refused, nothing external is ever loaded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from app.kernel.spelling import texts
from app.wechat.errors import CallbackRefused

MOST_BYTES = 64 * 1024
# What makes two deliveries the same event is looked up by an index, which holds no text of any length.
_LONGEST_FACT = 1000


def parsed(body: bytes) -> dict[str, Any]:
    """The children of the root element `xml`. Raises CallbackRefused."""
    if len(body) > MOST_BYTES:
        raise CallbackRefused
    try:
        # xmltodict refuses entity declarations, so a small body cannot grow into a large one.
        root = xmltodict.parse(body)["xml"]
        texts.ensure_storable(root)
    except (ExpatError, ValueError, LookupError, TypeError, RecursionError) as error:  # LookupError: an odd encoding
        raise CallbackRefused from error
    if not isinstance(root, dict):
        raise CallbackRefused
    return root


def text(element: Mapping[str, Any], name: str) -> str:
    """The text of a child; empty when there is none."""
    value = element.get(name)
    return value if isinstance(value, str) else ""


def fact(*parts: str) -> str:
    """What makes two deliveries the same event, of its parts. Raises CallbackRefused when it is longer than any is."""
    joined = "|".join(parts)
    if len(joined) > _LONGEST_FACT:
        raise CallbackRefused
    return joined


def moment(seconds: str) -> datetime:
    """A unix time as the platforms write it. Raises CallbackRefused."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 10):
        raise CallbackRefused
    return datetime.fromtimestamp(int(seconds), UTC)
