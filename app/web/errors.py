"""Every failure becomes one shape: `{"error": {"code", "message", "fields"}}` for programs, a page for people."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from app.kernel import discovery
from app.kernel.errors import DomainError
from app.web import context

logger = logging.getLogger(__name__)

# What each refusal says to a person, by its code: every package words its own.
MESSAGES: dict[str, str] = discovery.merged("ERRORS", named="wording")

STATUS_OF_KIND = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "throttled": 429,
    "busy": 503,
    "too_large": 413,
}
_CODE_OF_STATUS = {
    400: "invalid_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    411: "length_required",
    413: "request_too_large",
    415: "unsupported_media_type",
    422: "validation_failed",
    503: "busy",
}

# When what is busy or unavailable may be asked for again, unless the refusal itself knows.
RETRY_AFTER_S = 1

ErrorPage = Callable[[int, str, str, Mapping[str, Any]], ResponseReturnValue]


# What a refusal's facts are to people, by its code, where they are not told as they are.
TOLD: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = discovery.merged("TOLD", named="wording")


def told_facts(error: DomainError) -> dict[str, Any]:
    """The refusal's facts as they are told to people: moments, places and counts are in words."""
    tell = TOLD.get(error.code)
    return dict(error.facts) if tell is None else tell(error.facts)


def message_of(code: str, facts: dict[str, Any] | None = None) -> str:
    """The Chinese sentence of a code, filled with the error's facts."""
    return MESSAGES.get(code, MESSAGES["invalid_request"]).format_map(_Blank(facts or {}))


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def answer(status: int, code: str, *, message: str | None = None, fields: dict[str, Any] | None = None) -> Response:
    """The JSON body of a refusal."""
    body = {"error": {"code": code, "message": message or message_of(code), "fields": fields or {}}}
    response = jsonify(body)
    response.status_code = status
    return response


def register(app: Flask, *, error_page: ErrorPage) -> None:
    """Install the handlers; `error_page(status, code, message, facts)` renders the page for people."""
    app.extensions["huitou.error_page"] = error_page
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(Exception, _broken)
    app.after_request(_say_when_to_try_again)


def _reply(status: int, code: str, message: str, fields: dict[str, Any] | None = None) -> ResponseReturnValue:
    if context.wants_json():
        return answer(status, code, message=message, fields=fields)
    error_page: ErrorPage = current_app.extensions["huitou.error_page"]
    return error_page(status, code, message, fields or {})


def _refused(error: DomainError) -> ResponseReturnValue:
    facts = told_facts(error)
    reply = _reply(STATUS_OF_KIND[error.kind], error.code, message_of(error.code, facts), _public(facts))
    response = current_app.make_response(reply)
    if error.kind in {"throttled", "busy"}:
        response.headers["Retry-After"] = str(error.facts.get("retry_after_s", RETRY_AFTER_S))
    return response


def _say_when_to_try_again(response: Response) -> Response:
    """Whatever is unavailable, for whatever reason, may be asked for again soon."""
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return response


def _invalid(error: ValidationError) -> ResponseReturnValue:
    fields = error.messages if isinstance(error.messages, dict) else {"_": error.messages}
    return _reply(422, "validation_failed", message_of("validation_failed"), fields)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    code = _CODE_OF_STATUS.get(error.code, "invalid_request")
    data = getattr(error, "data", None) or {}
    return _reply(error.code, code, message_of(code), data.get("messages"))


def _database_failed(error: SQLAlchemyError) -> ResponseReturnValue:
    """What passes is busy: no answer, a connection that was lost or became read-only, none left to be had."""
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if not is_lost and not isinstance(error, (OperationalError, PoolExhausted)):
        return _broken(error)
    logger.error("database did not answer", extra={"error": type(getattr(error, "orig", error)).__name__})
    return _reply(503, "busy", message_of("busy"))


def _broken(error: Exception) -> ResponseReturnValue:
    logger.exception("request failed", exc_info=error)
    return _reply(500, "internal_error", message_of("internal_error"))


def _public(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts a caller may see: plain values only."""
    return {key: value for key, value in facts.items() if isinstance(value, (str, int, bool, list, dict))}
