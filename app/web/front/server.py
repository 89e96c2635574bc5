"""The application as granian calls it: one coroutine a request, which reads, and threads, which work."""

import asyncio
import logging
import threading
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from queue import SimpleQueue
from wsgiref.types import WSGIApplication

from app.web.front import answers, environ, sockets
from app.web.front.answers import KeptFile
from app.web.front.bodies import Bodies, Gone, Refused
from app.web.front.rsgi import Exchange, Scope
from app.web.front.unchanging import Unchanging

logger = logging.getLogger(__name__)

# granian opens a file soon after it was handed over, and does not say when.
KEPT_SECONDS = 60.0


@dataclass(slots=True)
class _Request:
    scope: Scope
    environ: dict[str, object]
    exchange: Exchange
    answered: "asyncio.Future[None]"


class Front:
    """Serves a WSGI application with so many threads; bodies longer than `most_bytes` are left to it to refuse."""

    def __init__(self, application: WSGIApplication, *, threads: int, most_bytes: int) -> None:
        self._application = application
        self._threads = threads
        self._bodies = Bodies(most_bytes)
        self._unchanging = Unchanging()
        self._whole: SimpleQueue[_Request] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start working: granian calls it once in each of its processes."""
        for number in range(self._threads):
            threading.Thread(target=self._work, args=(loop,), name=f"request-{number}", daemon=True).start()
        loop.call_soon(sockets.bound_unsent)  # when the loop runs, granian listens

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Read one request whole and wait until a thread has answered it; files that never change need none."""
        known = self._unchanging.find(scope)
        if known is not None:
            exchange.response_file(HTTPStatus.OK, known.headers, known.path)
            return
        refused: HTTPStatus | None = None
        body = b""
        try:
            body = await self._bodies.read(scope.headers, exchange)
        except Refused as refusal:
            refused = refusal.status
        except Gone:
            exchange.response_empty(HTTPStatus.BAD_REQUEST, [])
            return
        answered = asyncio.get_running_loop().create_future()
        self._whole.put(_Request(scope, environ.of(scope, body, refused), exchange, answered))
        await answered

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        def keep(file: KeptFile) -> None:
            loop.call_soon_threadsafe(loop.call_later, KEPT_SECONDS, file.close)

        while True:
            request = self._whole.get()
            try:
                note = partial(self._unchanging.note, request.scope)
                answers.answer(self._application, request.environ, request.exchange, keep, note)
            except Exception:
                logger.exception("request failed outside of the application")
                request.exchange.response_empty(HTTPStatus.INTERNAL_SERVER_ERROR, [])
            loop.call_soon_threadsafe(request.answered.set_result, None)
