"""Notes each distinct statement that a worker sends, with the place in our code that sent it.

Noted at the driver, which SQLAlchemy's statements and those of the fast path both pass. Processes that a test starts
are not heard; what they send, the tests of their parts send too.
"""

import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[3]
_APART = (f"{ROOT}/tests/support/", f"{ROOT}/.venv/", f"{ROOT}/app/kernel/")
_VALUE = re.compile(r"%\(\w+\)s|%s")
_MORE_VALUES = re.compile(r"(\$1(?:::[\w ]+(?:\[\])?)?)(?:, \$1(?:::[\w ]+(?:\[\])?)?){2,}")
_MORE_ROWS = re.compile(r"(\((?:\$1(?:::[\w ]+)?(?:, )?)+\))(?:, \1)+")
_seen: dict[str, str] = {}


def start() -> None:
    """Lets the driver note what it is given, from now on and in this process."""
    for cursor in (psycopg.Cursor, psycopg.ServerCursor):
        for name in ("execute", "executemany", "copy"):
            if name in vars(cursor):
                setattr(cursor, name, _noting(getattr(cursor, name)))


def write(folder: Path, worker: str) -> None:
    """Leaves what was noted, each shape of statement once, for whoever reads the run's folder."""
    shapes = {shape(text): place for text, place in _seen.items()}
    (folder / f"statements-{worker}.json").write_text(json.dumps(shapes), encoding="utf-8")


def read(folder: Path) -> dict[str, str]:
    """What all workers of the run have noted: statement → place."""
    shapes: dict[str, str] = {}
    for file in sorted(folder.glob("statements-*.json")):
        shapes |= json.loads(file.read_text(encoding="utf-8"))
    return shapes


def _noting(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def noted(cursor: object, statement: object, *rest: Any, **options: Any) -> Any:
        if isinstance(statement, str) and statement not in _seen:
            _seen[statement] = _place(sys._getframe(1))
        return send(cursor, statement, *rest, **options)

    return noted


def _place(frame: FrameType | None) -> str:
    """The innermost function of ours that is neither the kernel's nor the tests' support."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(str(ROOT)) and not file.startswith(_APART):
            return f"{file.removeprefix(f'{ROOT}/')}:{frame.f_code.co_name}"
        frame = frame.f_back
    return "nowhere"


def shape(text: str) -> str:
    """The text with every value as $1, and long lists of values short: what differs in them only is one statement."""
    return _MORE_ROWS.sub(r"\1", _MORE_VALUES.sub(r"\1, $1", _VALUE.sub("$1", text)))
