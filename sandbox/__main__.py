"""`python -m sandbox`: start the sandbox from the environment."""

import logging
import signal
import sys
import threading
from types import FrameType

from sandbox.app import create_app, world_of
from sandbox.kit.settings import SettingsError, from_env
from sandbox.server import Server


def main() -> int:
    """Serve until SIGTERM or Ctrl-C. 2 = settings, 1 = the port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s sandbox %(levelname)s %(message)s")
    try:
        settings = from_env()
        app = create_app(settings)
    except SettingsError as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    server = Server(app, settings.port)
    try:
        server.bind()
    except OSError as error:
        sys.stderr.write(f"sandbox: cannot listen on 127.0.0.1:{settings.port}: {error.strerror or error}\n")
        return 1

    def stop(_number: int, _frame: FrameType | None) -> None:
        # The server's stop() joins its threads: not from inside the handler of the thread that serves.
        threading.Thread(target=server.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    logging.info("sandbox phone on %s/phone", settings.base_url)
    server.serve()
    world_of(app).store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
