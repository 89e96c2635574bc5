"""Built files as they are sent: compressed by the build, and kept by browsers for ever where the name says the content.

`script/compress.mjs` puts a `.br` and a `.gz` beside each file that gets smaller by it.
"""

import json
import mimetypes
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.security import safe_join

blueprint = Blueprint("built", __name__)

STATIC = Path(__file__).parents[3] / "static"
FOR_EVER = "public, max-age=31536000, immutable"
_CODINGS = {"br": ".br", "gzip": ".gz"}  # the smaller one first
_MANIFEST = "dist/manifest.json"


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """A script, style sheet or program of portal, console or documentation; names carry a digest of the content."""
    response = send(STATIC, name)
    if name.startswith("dist/") and name != _MANIFEST:
        keep_for_ever(response)
    return response


def keep_for_ever(response: Response) -> None:
    """Nobody asks again for what never changes, so what such a question would name is not sent either."""
    response.headers["Cache-Control"] = FOR_EVER
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)


def send(folder: Path, name: str) -> Response:
    """A file of a built folder in the smallest form that the browser reads; raises NotFound."""
    response = _compressed(folder, name) or send_from_directory(folder, name)
    response.vary.add("Accept-Encoding")
    del response.headers["Content-Disposition"]  # a page has dozens of these files
    return response


def _compressed(folder: Path, name: str) -> Response | None:
    for coding, suffix in _CODINGS.items():
        found = safe_join(str(folder), name + suffix)
        if request.accept_encodings.quality(coding) and found is not None and Path(found).is_file():
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = send_from_directory(folder, name + suffix, mimetype=kind, download_name=Path(name).name)
            response.content_encoding = coding
            return response
    return None


class Assets:
    """Built files by their plain names, read again when a new build has replaced the manifest."""

    def __init__(self) -> None:
        self._manifest = STATIC / _MANIFEST
        self._read_at = 0
        self._names: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Where the built file is served; before any build, where it would be without its digest."""
        changed_at = self._manifest.stat().st_mtime_ns if self._manifest.exists() else 0
        if changed_at != self._read_at:
            self._names = json.loads(self._manifest.read_text(encoding="utf-8")) if changed_at else {}
            self._read_at = changed_at
        return f"/static/dist/{self._names.get(name, name)}"
