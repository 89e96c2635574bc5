"""Files to keep: how they are called and what they say they are."""

import re
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from flask import Response, send_file

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')  # by one system or another
_PLAIN_FALLBACK = "huitou"


def download(write: Callable[[IO[bytes]], object], *, name: str, mimetype: str) -> Response:
    """A file to keep; the name may be Chinese. `write` fills it before the first byte is sent.

    `mimetype` names no charset: text is UTF-8 and says so by itself.
    """
    out = filled(write)  # closed by the server when the answer is sent
    kept = _FORBIDDEN.sub("_", name)
    response: Response = send_file(out, mimetype=mimetype)
    named = {"filename": plain_name(kept), "filename*": f"UTF-8''{quote(kept, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **named)
    return response


def filled(write: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """A file to be read from its beginning, whole before the first byte leaves; gone at once where `write` fails."""
    out = TemporaryFile()
    try:
        write(out)
    except BaseException:
        out.close()  # else whoever collects garbage closes it, with a warning
        raise
    out.seek(0)
    return out


def plain_name(name: str) -> str:
    """The name in ASCII, for whoever cannot read RFC 5987: what is left of it, after the product's name."""
    stem, _, suffix = name.rpartition(".")
    if stem.isascii():
        return name
    parts = re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z0-9]", stem)
    return "-".join([_PLAIN_FALLBACK, *parts]) + f".{suffix}"
