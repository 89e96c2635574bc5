"""What a file is made of: its encoding, what separates its cells, and whether it is a table of text at all.

An encoding is recognised only when the file leaves no doubt. In doubt the file is refused and whoever brings it is
asked, because a wrong guess fills the database with other people's names.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.flows.history.files.errors import FileInvalid

LONGEST_LINE = 64 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MARK_OF_GB18030 = b"\x84\x31\x95\x33"
UTF8, GB18030, BIG5 = "utf-8", "gb18030", "big5"
CODECS = {UTF8: "utf-8", GB18030: "gb18030", BIG5: "big5hkscs"}
SEPARATORS = ",;\t|"

_SAMPLE_LINES = 2_000
_LEAST_COMMON = 0.5  # of a text's ideographs, before it is taken for what it seems
_LEAST_LEAD = 0.25  # over the other reading
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = "\u3400", "\uf8ff"
_LAST_OF_TWO_BYTES = "\u07ff"
_LEAST_HALVES = 4  # that are nothing, before a text is taken for UTF-16
_SIGNATURES = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"\xff\xfe", "utf16"),
    (b"\xfe\xff", "utf16"),
    (b"%PDF", "other"),
    (b"\x1f\x8b", "other"),
    (b"{\\rtf", "other"),
    (b"Rar!", "other"),
    (b"7z\xbc\xaf", "other"),
    (b"SQLite format 3", "other"),
    (b"\x89PNG", "other"),
    (b"\xff\xd8\xff", "other"),
    (b"MIME-Version:", "markup"),  # what Excel calls a single file web page
)
# No heading begins so, whatever the element: <html, <!doctype, <?xml, <table, <div, <Workbook.
_MARKUP = re.compile(rb"<[!?A-Za-z]")


def ensure_text(path: Path) -> None:
    """Raises FileInvalid (workbook, utf16, markup, other, carriage_returns) for what has no lines of text."""
    with path.open("rb") as file:
        start = file.read(LONGEST_LINE)
    kind = next((kind for signature, kind in _SIGNATURES if start.startswith(signature)), None)
    head = start.removeprefix(BYTE_ORDER_MARK).lstrip()
    if kind is None and _MARKUP.match(head):
        kind = "markup"
    if kind is None and b"\x00" in start[:1024]:
        kind = "utf16" if _is_utf16(start[:1024]) else "other"
    first, _, _ = start.partition(b"\n")
    if kind is None and b"\r" in first.rstrip(b"\r"):
        kind = "carriage_returns"
    if kind is not None:
        raise FileInvalid(reason=kind)


def _is_utf16(start: bytes) -> bool:
    """Whether one half of every letter, mark and end of line is nothing, and always the same half."""
    halves = start[::2].count(0), start[1::2].count(0)
    return max(halves) >= _LEAST_HALVES and min(halves) * 10 <= max(halves)


def recognise(path: Path) -> str:
    """UTF8 or GB18030; the whole file is looked through. Raises FileInvalid (encoding) when it could be another."""
    votes, is_sure = 0, False
    others: list[bytes] = []
    with path.open("rb") as file:
        start = file.read(len(_MARK_OF_GB18030))
        if start.startswith(BYTE_ORDER_MARK) or start == _MARK_OF_GB18030:
            return UTF8 if start.startswith(BYTE_ORDER_MARK) else GB18030
        file.seek(0)
        while line := file.readline(LONGEST_LINE):
            if line.isascii():
                continue
            text = _decode(line, UTF8)
            if text is not None:
                votes += 1
                # Two bytes of GB18030 may pass for a letter of UTF-8, hardly ever for an ideograph.
                is_sure = is_sure or max(text) > _LAST_OF_TWO_BYTES
            elif _decode(line, GB18030) is not None or _decode(line, BIG5) is not None:
                votes -= 1
            if (text is None or not is_sure) and len(others) < _SAMPLE_LINES:
                others.append(line)
    return _decide(others, votes=votes, is_sure=is_sure)


def _decide(lines: list[bytes], *, votes: int, is_sure: bool) -> str:
    """Between UTF-8, for which the votes are, GB18030 and Big5."""
    readable = [line for line in lines if _decode(line, GB18030) is not None or _decode(line, BIG5) is not None]
    if (votes >= 0 and is_sure) or not readable:
        return UTF8
    gb18030, big5 = _common_share(readable, GB18030), _common_share(readable, BIG5)
    if votes >= 0 and gb18030 == big5 == 0:
        return UTF8
    if votes < 0 and gb18030 >= max(_LEAST_COMMON, big5 + _LEAST_LEAD):
        return GB18030
    raise FileInvalid(reason="encoding", readings=_readings(readable))


def _common_share(lines: list[bytes], encoding: str) -> float:
    """The part of the ideographs that are common ones, read like that; of a line that cannot be, none."""
    common, signs = _common(encoding), 0
    found = 0
    for line in lines:
        text = _decode(line, encoding)
        beyond = [sign for sign in text or "" if _FIRST_IDEOGRAPH <= sign <= _LAST_IDEOGRAPH]
        signs += len(beyond) if text is not None else 1
        found += sum(sign in common for sign in beyond)
    return found / signs if signs else 0.0


@cache
def _common(encoding: str) -> frozenset[str]:
    """The ideographs that the encoding's makers took for the common ones."""
    first, last = (0xB0, 0xD7) if encoding == GB18030 else (0xA4, 0xC6)
    signs = (bytes([lead, trail]) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    codec = "gb2312" if encoding == GB18030 else "big5"
    return frozenset(text for sign in signs if len(text := sign.decode(codec, "ignore")) == 1 and not text.isascii())


def _readings(lines: list[bytes]) -> dict[str, str]:
    """How the first words beyond ASCII read, by encoding, for whoever is asked."""
    readings = {}
    for encoding in CODECS:
        texts = filter(None, (_decode(line, encoding) for line in lines))
        readings[encoding] = next((word for text in texts for word in _words(text)), "")[:12].replace("\0", "")
    return {encoding: word for encoding, word in readings.items() if word}


def _words(text: str) -> Iterator[str]:
    for separator in SEPARATORS:
        text = text.replace(separator, "\n")
    return (word.strip() for word in text.split("\n") if not word.isascii())


def _decode(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(CODECS[encoding])
    except UnicodeDecodeError:
        return None
