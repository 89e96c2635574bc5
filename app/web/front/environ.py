"""A request in the words of WSGI."""

import os
import sys
from http import HTTPStatus
from io import BytesIO

from app.web.front.answers import KeptFile
from app.web.front.rsgi import Scope
from app.web.request_bodies import REFUSED

_ALWAYS = {
    **os.environ,
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": KeptFile,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


def of(scope: Scope, body: bytes, refused: HTTPStatus | None = None) -> dict[str, object]:
    """The request with its whole body."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, object] = {
        **_ALWAYS,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin1"),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
    }
    _add_headers(environ, scope)
    if refused is not None:
        environ[REFUSED] = refused
    return environ


def _add_headers(environ: dict[str, object], scope: Scope) -> None:
    for name, value in scope.headers.items():
        key = name.replace("-", "_").upper()
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        elif key in environ:
            continue
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ.setdefault("HTTP_HOST", scope.authority or "")
