"""The WSGI layer in which a request waits for a slot to work in."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.kernel.request_slots import RequestSlots


class InRequestSlots:
    """Hands a request on once a slot is free. The body of a streamed answer is written without one."""

    def __init__(self, application: WSGIApplication, slots: RequestSlots) -> None:
        self._application = application
        self.slots = slots

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self.slots.taken():
            return self._application(environ, start_response)
