"""Behind any WSGI server a body is read before the request waits for a slot, and one without an end is never empty."""

from collections.abc import Iterable
from io import BufferedReader, BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from app.web.request_bodies import WholeBodies

pytestmark = pytest.mark.no_database

MOST = 100
CHUNKED = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
PLACE = "/api/v1/sms-codes"


def from_a_socket(body: bytes) -> BufferedReader:
    """A body as servers hand it over that read on demand."""
    return BufferedReader(BytesIO(body))  # type: ignore[type-var]


def seen_by_the_application(body: bytes, **environ: Any) -> tuple[bytes, str]:
    seen: list[WSGIEnvironment] = []

    def application(request: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
        seen.append(request)
        return []

    request = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": from_a_socket(body), **environ}
    WholeBodies(application, MOST)(request, lambda *_: lambda _: None)
    assert isinstance(seen[0]["wsgi.input"], BytesIO)  # nothing is read from the socket any more
    return seen[0]["wsgi.input"].read(), seen[0]["CONTENT_LENGTH"]


@pytest.mark.parametrize("body", [b"", b"x", b"x" * MOST])
def test_the_application_gets_the_whole_body(body: bytes) -> None:
    assert seen_by_the_application(body) == (body, str(len(body)))


def test_what_is_too_long_is_not_read() -> None:
    assert seen_by_the_application(b"x" * (MOST + 1)) == (b"", str(MOST + 1))


@pytest.mark.parametrize("length", ["", "many", "-5"])
def test_without_a_sound_length_there_is_no_body(length: str) -> None:
    assert seen_by_the_application(b"x", CONTENT_LENGTH=length) == (b"", length)


def test_chunks_are_read_where_the_server_marks_their_end() -> None:
    marked = {**CHUNKED, "wsgi.input_terminated": True}
    assert seen_by_the_application(b"x" * MOST, **marked) == (b"x" * MOST, str(MOST))


def test_chunks_are_read_no_further_than_a_body_may_go() -> None:
    marked = {**CHUNKED, "wsgi.input_terminated": True}
    assert seen_by_the_application(b"x" * 10 * MOST, **marked) == (b"x" * (MOST + 1), str(MOST + 1))


def answered(app: Flask, body: bytes, **environ: Any) -> TestResponse:
    request = EnvironBuilder(PLACE, method="POST", content_type="application/json").get_environ()
    request |= {"wsgi.input": from_a_socket(body), **environ}
    return TestResponse(*run_wsgi_app(app.wsgi_app, request), request)  # type: ignore[arg-type]


def test_chunks_without_an_end_are_refused(app: Flask) -> None:
    answer = answered(app, b'{"js_code": "1"}', **CHUNKED)
    assert answer.status_code == 411
    assert answer.get_json()["error"]["code"] == "length_required"


def test_too_many_chunks_are_refused(app: Flask) -> None:
    marked = {**CHUNKED, "wsgi.input_terminated": True}
    assert answered(app, b" " * (3 * 1024 * 1024), **marked).status_code == 413
