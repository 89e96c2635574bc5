"""The application's answers, handed to granian whole: bytes, or a file that it sends from the disk."""

from collections.abc import Callable, Iterable
from types import TracebackType
from wsgiref.types import WSGIApplication

from werkzeug.wsgi import FileWrapper

from app.web.front.rsgi import Exchange, Headers

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class KeptFile(FileWrapper):
    """A file that an answer consists of."""

    @property
    def path(self) -> str | None:
        """Where to read it anew, as long as it is open; None when it is in memory."""
        name = getattr(self.file, "name", None)
        return f"/dev/fd/{name}" if isinstance(name, int) else name


class Started:
    """What the application says before the body."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: _ExcInfo | None = None) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = headers
        return _refuse_to_write


# Takes status, headers and path of an answer that is a file.
Note = Callable[[int, Headers, str], object]


def answer(
    application: WSGIApplication,
    environ: dict[str, object],
    exchange: Exchange,
    keep: Callable[[KeptFile], object],
    note: Note,
) -> None:
    """Let the application answer. A file that is read after this returns is handed to `keep`, and told to `note`."""
    started = Started()
    result = application(environ, started)
    if isinstance(result, KeptFile) and result.path is not None:
        keep(result)
        note(started.status, started.headers, result.path)
        exchange.response_file(started.status, started.headers, result.path)
    else:
        exchange.response_bytes(started.status, started.headers, _whole(result))


def _whole(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()


def _refuse_to_write(_data: bytes) -> object:
    raise NotImplementedError("no application of this product writes past its answer")
