"""People's names and other words."""

import re

from app.kernel.spelling import marks

_NOTHING_SEEN = re.compile("[\u200d\ufe0e\ufe0f ]*")


def spell_name(text: str) -> str:
    """A name on one line, blanks folded, joined emoji kept; empty when nothing of it can be seen."""
    name = marks.one_line_of_name(text)
    return "" if _NOTHING_SEEN.fullmatch(name) else name


def spell_words(text: str) -> str:
    """Words that somebody looks for, on one line."""
    return marks.one_line(text)


def mask_name(name: str) -> str:
    """The first character, the rest as asterisks."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
