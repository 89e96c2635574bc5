"""Who is asking, on the endpoints for tills and gates, and what a JSON body of theirs may hold."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.access.machines import machines
from app.access.machines.models import Machine
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.security.signing import Call, SignedHeaders
from app.kernel.spelling import moments, texts

View = Callable[[Machine], ResponseReturnValue]

# What a machine may write: no control characters, nothing that turns the writing around, no halves of characters.
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]*\Z")
WORD = re.compile(r"[\x21-\x7e]+\Z")
MOST_WRITTEN = 1024


def signed_by(kind: str) -> Callable[[View], Callable[[], ResponseReturnValue]]:
    """Let only a machine of the kind in, by its signature, once per nonce; the view runs in the same unit of work."""

    def decorate(view: View) -> Callable[[], ResponseReturnValue]:
        @wraps(view)
        def guarded() -> ResponseReturnValue:
            with atomic():
                return view(_authenticated(kind))

        return guarded

    return decorate


def _authenticated(kind: str) -> Machine:
    query = request.query_string.decode("latin-1")
    call = Call(request.method, f"{request.path}?{query}" if query else request.path, request.get_data())
    return machines.authenticate(call, SignedHeaders.read(_header), kind=kind, now=clock.now())


def _header(name: str) -> str:
    value = request.headers.get(name, "")
    return value if WORD.match(value) else ""


def body(schema: Schema, *, cleaned: Sequence[str] = ()) -> dict[str, Any]:
    """The request's JSON object, checked; raises ValidationError.

    From the texts of fields that are `cleaned` whatever cannot be stored is left out; elsewhere it is refused.
    """
    found = _read(cleaned)
    if not isinstance(found, dict):
        raise ValidationError("a JSON object is needed")
    loaded: dict[str, Any] = schema.load(found)
    return loaded


def _read(cleaned: Sequence[str]) -> Any:
    """What the body says, None when it is no JSON; raises ValidationError for a text that cannot be stored."""
    try:
        found = json.loads(request.get_data())
        if isinstance(found, dict):
            found |= {name: texts.readable(found[name]) for name in cleaned if name in found}
        texts.ensure_storable(found)
    except texts.Unstorable:
        raise ValidationError("a text holds NUL or half a character") from None
    except (ValueError, RecursionError):
        return None
    return found


class Strict(Schema):
    """Machines name known fields only."""

    class Meta:
        unknown = RAISE


def word(longest: int, kind: type[fields.String] = fields.String, **kwargs: Any) -> fields.String:
    """A code or number: visible ASCII."""
    return kind(validate=[validate.Length(1, longest), validate.Regexp(WORD)], **kwargs)


def text(longest: int, **kwargs: Any) -> fields.String:
    """Words for people, on one line."""
    return fields.String(validate=[validate.Length(1, longest), validate.Regexp(_PLAIN)], **kwargs)


def spelled(
    spell: Callable[[str], str], longest: int, pattern: re.Pattern[str] = _PLAIN, **kwargs: Any
) -> fields.String:
    """What people, cameras and scanner guns write in many ways, in its one spelling, which is what is judged."""
    return _Spelled(spell, validate=[validate.Length(1, longest), validate.Regexp(pattern)], **kwargs)


class Loose(fields.String):
    """What somebody has typed, also as a number; nothing typed is nothing said."""

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return super().deserialize(None if value == "" else str(value) if is_number else value, *args, **kwargs)


class _Spelled(Loose):
    def __init__(self, spell: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spell = spell

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        written = super()._deserialize(value, attr, data, **kwargs)
        if len(written) > MOST_WRITTEN:
            raise self.make_error("invalid")
        return self.spell(written)


def moment(**kwargs: Any) -> fields.AwareDateTime:
    """RFC 3339 with its offset, neither of another age nor of the future; in UTC."""
    return _Moment(format="iso", validate=_ensure_past, **kwargs)


class _Moment(fields.AwareDateTime):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        written = super()._deserialize(value, attr, data, **kwargs)
        if not moments.is_on_earth(written):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return written.astimezone(UTC)


def _ensure_past(value: datetime) -> None:
    if not moments.OLDEST <= value <= clock.now() + clock.MACHINES_AHEAD:
        raise ValidationError("out of range")
