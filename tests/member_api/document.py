"""The OpenAPI document, and what the application really answers held against it."""

import contextvars
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
import schemathesis
from flask import Flask, Response, has_app_context, request, request_finished
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response as Heard
from schemathesis.schemas import BaseSchema

from app.kernel.db import db

_DESCRIBED = {"GET", "POST", "PUT", "DELETE"}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def read(app: Flask) -> BaseSchema:
    """The document, and through it the application: each request in a context of its own, inside the test's session."""

    def isolated(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if has_app_context():
            db.session.flush()
        return contextvars.Context().run(app, environ, start_response)

    return schemathesis.openapi.from_wsgi("/api/openapi.json", isolated)


@contextmanager
def held_against(app: Flask, document: BaseSchema) -> Iterator[list[str]]:
    """Collects, while it is open, every answer of the member API that is not as the document says."""
    faults: list[str] = []

    def check(sender: Flask, response: Response, **extra: Any) -> None:
        if request.path.startswith("/api/v1/") and request.url_rule is not None and request.method in _DESCRIBED:
            faults.extend(faults_of(document, response))

    request_finished.connect(check, app)
    try:
        yield faults
    finally:
        request_finished.disconnect(check, app)


def faults_of(document: BaseSchema, response: Response) -> list[str]:
    """What the document says otherwise about the current request's answer."""
    operation = document[_PARAMETER.sub(r"{\1}", str(request.url_rule))][request.method]
    try:
        operation.validate_response(_heard(response))
    except Failure as fault:
        return [f"{request.method} {request.path}: {fault}"]
    except FailureGroup as group:
        return [f"{request.method} {request.path}: {fault}" for fault in group.exceptions]
    return []


def _heard(response: Response) -> Heard:
    """The answer as the checker takes it."""
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name.lower(), []).append(value)
    asked = requests.Request(request.method, request.url).prepare()
    return Heard(response.status_code, headers, response.get_data(), asked, elapsed=0.0, verify=False)
