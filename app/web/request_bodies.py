"""The WSGI layer that reads a request's body before the request waits for a slot to work in.

Behind granian the body is there already (app.web.front). Behind gunicorn it is read here, by the thread that has the
request: nginx in front of it hands on only whole requests, so that takes no time (docs/deploy.md).
"""

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REFUSED = "huitou.body_refused"  # in the environ: the status to refuse a request with whose body is not there


class WholeBodies:
    """Hands a request on with its whole body; one longer than `most_bytes` is left to the application to refuse."""

    def __init__(self, application: WSGIApplication, most_bytes: int) -> None:
        self.application = application
        self._most = most_bytes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not isinstance(environ["wsgi.input"], BytesIO):
            self._read(environ)
        return self.application(environ, start_response)

    def _read(self, environ: WSGIEnvironment) -> None:
        stream = environ["wsgi.input"]
        if "HTTP_TRANSFER_ENCODING" in environ:
            self._read_chunks(environ)
            return
        length = environ.get("CONTENT_LENGTH") or "0"
        known = int(length) if length.isascii() and length.isdigit() else 0
        environ["wsgi.input"] = BytesIO(stream.read(known) if 0 < known <= self._most else b"")

    def _read_chunks(self, environ: WSGIEnvironment) -> None:
        """A body that does not say its length: read where the server marks its end, else refused, never empty."""
        if not environ.get("wsgi.input_terminated"):
            environ[REFUSED] = HTTPStatus.LENGTH_REQUIRED
            body = b""
        else:
            body = environ["wsgi.input"].read(self._most + 1)
            del environ["HTTP_TRANSFER_ENCODING"]  # the length is known now
            environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = BytesIO(body)
