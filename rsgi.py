"""The application behind granian: `python -m rsgi …` is `granian --interface rsgi --factory … rsgi:create_app`."""

import gc
import multiprocessing
import runpy
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from app.web.front.server import Front


def create_app() -> Front:
    """The application of the environment's settings, with requests read whole before they take a thread."""
    with ended_at_once():
        wsgi = import_module("wsgi")  # seconds of work, and as well ended as not begun
        application = wsgi.create_app()
    sizes = application.extensions["huitou"].sizes
    return Front(application, threads=sizes.threads, most_bytes=wsgi.MAX_REQUEST_BYTES)


@contextmanager
def ended_at_once() -> Iterator[None]:
    """A process that is asked to end here ends: there is nothing to finish, and its server would forget that it was
    asked, so that whoever waits for it waits until it is killed.
    """
    heard = signal.getsignal(signal.SIGTERM)
    if heard is None:  # by a handler that could not be put back
        yield
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, heard)
        signal.siginterrupt(signal.SIGTERM, False)


def main() -> None:
    """Imports once what all workers are forked with; where they are not, each imports it by itself."""
    if multiprocessing.get_start_method() == "fork":
        gc.disable()  # what is imported stays: looking for garbage in it would cost a sixth of the time
        import_module("wsgi")
        gc.freeze()
        gc.enable()
    runpy.run_module("granian", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
