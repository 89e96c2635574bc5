"""What no request may hold: text that cannot be stored, numbers that cannot be read, JSON nobody wrote by hand.

Refused here, once, so that no view, rule or query meets it: NUL and lone surrogates (PostgreSQL stores neither), JSON
nested beyond reason, numbers of thousands of digits, and NaN or Infinity.
"""

import json
from typing import Any, NoReturn

from flask import Flask, Request, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, NotFound, default_exceptions
from werkzeug.routing import IntegerConverter

from app.kernel.spelling import texts
from app.web.request_bodies import REFUSED

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_FACES = ("/portal", "/console")


class Number(IntegerConverter):
    """A whole number in an address: one that a bigint holds, in the digits of ASCII; others lead nowhere."""

    regex = r"[0-9]{1,18}"


class Json(DefaultJSONProvider):
    """Flask's JSON, strict about what comes in."""

    def loads(self, s: str | bytes, *, each_of: str | None = None, **kwargs: Any) -> Any:
        """What the text says; raises ValueError, which becomes a 400.

        In bytes of UTF-8 only an escape can bring what cannot be stored: without one nothing need be looked through.
        Where whoever reads it judges the parts of a list one by one, `each_of` is its name: a part that cannot be
        stored is None then, and the others are read.
        """
        try:
            text = s if isinstance(s, str) else s.decode("utf-8")
            found = json.loads(text, parse_constant=_refuse, **kwargs)
            if isinstance(s, str) or "\\u" in text:
                texts.ensure_storable(found if each_of is None else _by_part(found, each_of))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        return found


def _by_part(found: Any, name: str) -> Any:
    """The document, with None for each part of the list that cannot be stored."""
    if isinstance(found, dict) and isinstance(found.get(name), list):
        found[name] = [part if texts.is_storable(part) else None for part in found[name]]
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def register(app: Flask) -> None:
    """Let the application read JSON and numbers by these rules; refuse bodies that did not come, and any NUL."""
    app.json = Json(app)
    app.url_map.converters["int"] = Number
    app.before_request(_ensure_body)
    app.before_request(_ensure_no_nul)


def _ensure_body() -> None:
    refused = request.environ.get(REFUSED)
    if refused is not None:
        raise default_exceptions[refused]


def _ensure_no_nul() -> None:
    if "\0" in request.path:
        raise NotFound  # nothing lives at such an address
    _ensure_text(request.query_string)
    if any("\0" in word for pair in request.args.items(multi=True) for word in pair):
        raise BadRequest
    # Only the portals take forms; reading one elsewhere would take the body from those who check its signature.
    if request.path.startswith(_FACES) and request.mimetype in _FORMS and _has_nul(request):
        raise BadRequest


def _ensure_text(query: bytes) -> None:
    """Some servers let bytes through that no browser sends; the framework fails on them wherever it reads a query."""
    try:
        query.decode()
    except UnicodeDecodeError:
        raise BadRequest from None


def _has_nul(sent: Request) -> bool:
    return any("\0" in word for pair in sent.form.items(multi=True) for word in pair)
