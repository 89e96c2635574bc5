"""Text that can be kept: PostgreSQL stores neither NUL nor lone surrogates."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def ensure_storable(found: Any) -> None:
    """Look through text, or whatever JSON or XML was read into; raises ValueError.

    In JSON both arrive raw or escaped, so what was read is looked at, not what was sent.
    """
    if isinstance(found, str):
        if _UNSTORABLE.search(found):
            raise ValueError("text that cannot be stored")
    elif isinstance(found, dict):
        for name, value in found.items():
            ensure_storable(name)
            ensure_storable(value)
    elif isinstance(found, list):
        for value in found:
            ensure_storable(value)
