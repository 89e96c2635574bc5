"""People's names and other words."""

import re
import unicodedata

from app.kernel.spelling import marks

_LINE_END = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
_BETWEEN_PARTS = "·•・.‧"
_NOTHING_SEEN = re.compile("[\u200d\ufe0e\ufe0f ]*")


def spell_name(text: str) -> str:
    """A name on one line, blanks folded, joined emoji kept; empty when nothing of it can be seen."""
    name = marks.one_line_of_name(text)
    return "" if _NOTHING_SEEN.fullmatch(name) else name


def spell_text(text: str) -> str:
    """Free words on one line as they were written, without controls and unseen marks; empty when nothing is seen."""
    words = marks.one_line_of_words(text)
    return "" if _NOTHING_SEEN.fullmatch(words) else words


def spell_lines(text: str) -> str:
    """The same on several lines, with at most one empty one between two."""
    lines = "\n".join(spell_text(line) for line in _LINE_END.split(text))
    return re.sub("\n{3,}", "\n\n", lines).strip("\n")


def spell_words(text: str) -> str:
    """Words that somebody looks for, on one line."""
    return marks.one_line(text)


def plain_name(text: str) -> str:
    """A name as it is compared: without spaces and the dots between parts, width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if not mark.isspace() and mark not in _BETWEEN_PARTS)


def mask_name(name: str) -> str:
    """The first character, the rest as asterisks."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
