"""The XML of callbacks, as nested dicts; nothing external is ever loaded.

An envelope that cannot be read is refused. What was in it is the platform's own word: characters that XML does not
have are dropped, and what still cannot be read is kept for a person.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from app.kernel.spelling import texts
from app.wechat.errors import CallbackRefused, CallbackTooLarge, CallbackUnread

MOST_BYTES = 64 * 1024
# What makes two deliveries the same event is looked up by an index, which holds no text of any length.
_LONGEST_FACT = 1000
# The text is in our hands and no longer in the encoding that it names.
_PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>")
_LAST_CHARACTER = 0x10FFFF
_REFERENCE = re.compile("&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


def parsed(body: bytes) -> dict[str, Any]:
    """The children of the root element `xml`. Raises CallbackRefused and CallbackTooLarge."""
    ensure_small(body)
    try:
        # xmltodict refuses entity declarations, so a small body cannot grow into a large one.
        root = xmltodict.parse(body)["xml"]
        texts.ensure_storable(root)
    except (ExpatError, ValueError, LookupError, TypeError, RecursionError) as error:  # LookupError: an odd encoding
        raise CallbackRefused from error
    if not isinstance(root, dict):
        raise CallbackRefused
    return root


def ensure_small(body: bytes) -> None:
    """Raises CallbackTooLarge for what is larger than any callback."""
    if len(body) > MOST_BYTES:
        raise CallbackTooLarge


def message(opened: str) -> dict[str, Any]:
    """The children of the root element of a message whose sender is known. Raises CallbackUnread."""
    without = _REFERENCE.sub(_readable, texts.readable(_PROLOG.sub("", opened)))
    try:
        return parsed(without.encode())
    except CallbackRefused as error:
        raise CallbackUnread(opened) from error


def _readable(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if number <= _LAST_CHARACTER and texts.readable(chr(number)) else ""


def text(element: Mapping[str, Any], name: str) -> str:
    """The text of a child; empty when there is none."""
    value = element.get(name)
    return value if isinstance(value, str) else ""


def fact(*parts: str) -> str:
    """What makes two deliveries the same event, of its parts; by its digest when it is longer than any is."""
    joined = "|".join(parts)
    return joined if len(joined) <= _LONGEST_FACT else hashlib.sha256(joined.encode()).hexdigest()
