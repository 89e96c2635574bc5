"""Characters that people, keyboards and programs put in and that mean nothing, as sets for regular expressions.

miniprogram/src/rules/spelling.ts has the same sets; tests/kernel/spelling.json is the table of examples of both.
"""

import re
import unicodedata
from collections.abc import Callable

BLANKS = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
DASHES = (
    r"\-\u02c9\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u23af\u23e4\u2500\u2501\u2504\u2505"
    r"\u2508\u2509\u254c\u254d\u2574\u2576\u2796\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\u30fc\ufe31\ufe32"
    r"\ufe58\ufe63\uff0d\uff70\U00010ead"
)
DOTS = (
    r".\u00b0\u00b7\u02d1\u02d9\u0387\u05c4\u06d4\u0701\u0702\u119e\u1427\u16eb\u2022\u2023\u2024\u2027\u204c\u204d\u2218"
    r"\u2219\u2299\u22c5\u22ef\u25aa\u25ab\u25c9\u25cb\u25ce\u25cf\u25e6\u25fc-\u25fe\u2609\u26aa-\u26ac\u2981\u29bf\u2b1d"
    r"\u2b1e\u2b24\u2b58\u2e30-\u2e33\u2e3c\u3002\u30fb\ua4f8\ua78f\ufe45\ufe46\ufe52\uff0e\uff61\uff65\U00010101"
    r"\U0001f534\U0001f535\U0001f7e0-\U0001f7e4"
)
# What stands for a dash and may also be a character of its own, and controls: nothing of a phone, a plate or a code.
_STROKES = r"\x00-\x08\x0e-\x1b\x7f-\x9f~\u2053\u223c\u223d\u3127\u4e00"
# Joiners of emoji and the choice of their look are part of a name, and of nothing else.
_JOINERS = r"\u200d\ufe0e\ufe0f"
_INVISIBLE = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

_UNSEEN = re.compile(f"[{_INVISIBLE}{_JOINERS}]")
_UNSEEN_IN_NAMES = re.compile(f"[{_INVISIBLE}]")
# Pictures that NFKC would make letters of (㊗️, 🈵), and flags that are spelled by unseen letters (England's).
_PICTURES = re.compile(
    "([\u203c\u2049\u2122\u2139\u24c2\u3297\u3299]\ufe0f|[\U0001f201-\U0001f251]"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)"
)
_SEPARATORS = re.compile(f"[{BLANKS}{DASHES}{DOTS}{_STROKES}_]")
_SPACED_ACCENT = re.compile("[ ][\u0300-\u036f]+")  # what NFKC makes of dots and dashes that stand high: ˙ ¯ ‾
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(f"[{BLANKS}]+")
_DASH = re.compile(f"[{DASHES}]")


def folded(text: str) -> str:
    """In the usual width and form (NFKC), without marks that nobody sees."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def compact(text: str) -> str:
    """Folded, without blanks, dashes and dots of any kind, and without controls."""
    return _SEPARATORS.sub("", _SPACED_ACCENT.sub("", folded(text)))


def unblanked(text: str) -> str:
    """Folded, without blanks, every dash the plain one."""
    return _DASH.sub("-", _BLANKS.sub("", folded(text)))


def plain_dashes(text: str) -> str:
    """Every dash the plain one."""
    return _DASH.sub("-", text)


def one_line(text: str) -> str:
    """Folded, every run of blanks one blank, none at the ends."""
    return _BLANKS.sub(" ", folded(text)).strip()


def one_line_of_name(text: str) -> str:
    """The same for a name, whose emoji stay what they are, joined or not."""
    return _beside_pictures(text, lambda words: _UNSEEN_IN_NAMES.sub("", unicodedata.normalize("NFKC", words)))


def one_line_of_words(text: str) -> str:
    """The same for free words, which keep their width and punctuation, too; without controls."""
    return _beside_pictures(text, lambda words: _CONTROLS.sub("", _UNSEEN_IN_NAMES.sub("", words)))


def _beside_pictures(text: str, spell: Callable[[str], str]) -> str:
    words, *others = _PICTURES.split(text)
    spelled = spell(words)
    for picture, words in zip(others[::2], others[1::2], strict=True):
        spelled += picture + spell(words)
    return _BLANKS.sub(" ", spelled).strip()


def one_line_as_written(text: str) -> str:
    """Every run of blanks one blank, without marks that nobody sees; width and punctuation stay as they are."""
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip()
