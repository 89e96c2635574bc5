"""The WSGI layer in which a request waits for its turn to work."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.kernel import request_slots


class RequestSlots:
    """Hands a request on once a turn is free. The body of a streamed answer is written without one."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with request_slots.taken():
            return self._application(environ, start_response)
