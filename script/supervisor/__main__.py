"""`script/run` after the set-up: the command line, the signals, the exit code."""

import argparse
import errno
import signal
import sys
from pathlib import Path
from types import FrameType

from script.supervisor.errors import DISK_FULL, Stop
from script.supervisor.ports import LAST_PORT
from script.supervisor.stack import ROOT, Options, Stack

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Leave(BaseException):
    """Somebody asked to leave. Not an Exception: nothing on the way may take it for a failure."""


def main(arguments: list[str]) -> int:
    """Runs the stack until Ctrl-C, SIGTERM or a failure that no restart cures; 0 when it was asked to end."""
    stack = Stack(_options(arguments), say=_say)
    for number in _SIGNALS:
        signal.signal(number, _leave)
    try:
        stack.open()
        stack.look_after()
    except Leave:
        print("\nStopping ...", flush=True)
        return 0
    except Stop as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"\n{DISK_FULL if error.errno == errno.ENOSPC else error}", file=sys.stderr, flush=True)
        return 1
    finally:
        # From here on the end is certain; a second Ctrl-C must not cut the clean stop of the database short.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        stack.close()
    return 0


def _say(word: str) -> None:
    """At once, also into a file or a pipe: there Python would keep it until the end."""
    print(word, flush=True)


def _leave(number: int, frame: FrameType | None) -> None:
    raise Leave


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="script/run", description="Run the whole product on this machine.")
    parser.add_argument("--port", type=_port, default=8000, help="of the web server; the sandbox takes the next one")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="folder of database, secrets and logs")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo mall")
    parser.add_argument("--lan", action="store_true", help="let phones in this network in, too")
    known = parser.parse_args(arguments)
    return Options(known.port, known.data.absolute(), not known.no_demo, known.lan)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < LAST_PORT:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {LAST_PORT - 1}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
