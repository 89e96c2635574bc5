"""`script/bench NAME`: finds the bench, runs it, and fails when it could not measure."""

import importlib
import pkgutil
import signal
import sys
from pathlib import Path
from types import FrameType, ModuleType

from script.supervisor.errors import Stop

FOLDERS = ("opening", "points", "receipts")  # of benches, beside those that stand here


def names() -> list[str]:
    """The benches there are, by the names they are called with."""
    return sorted(_modules())


def module(name: str) -> ModuleType:
    """A bench by its name."""
    return importlib.import_module(f"script.benches.{_modules()[name]}")


def _modules() -> dict[str, str]:
    """The modules of benches by those names: `_` reads `-`, and one at the end only evades a word of Python."""
    here = Path(__file__).parent
    found = [
        *_modules_in(here),
        *(f"{folder}.{name}" for folder in FOLDERS for name in _modules_in(here / folder)),
    ]
    return {name.rpartition(".")[2].rstrip("_").replace("_", "-"): name for name in found}


def _modules_in(folder: Path) -> list[str]:
    found = [module.name for module in pkgutil.iter_modules([str(folder)]) if not module.ispkg]
    return [name for name in found if not name.startswith("__")]


def main(arguments: list[str]) -> int:
    """The exit code: 0 when every figure was measured."""
    if not arguments or arguments[0] not in names():
        print(f"usage: script/bench NAME [options]\nbenches: {', '.join(names())}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _leave)  # so that what a bench started is cleaned up
    try:
        module(arguments[0]).run(arguments[1:])
    except Stop as reason:
        print(f"script/bench {arguments[0]}: could not measure: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
