"""`script/flask`: one of the product's commands, with the settings of the stack that `script/run` runs."""

import os
import sys
from pathlib import Path

from script.supervisor import note
from script.supervisor.errors import Stop

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str]) -> None:
    """Becomes the flask command; paths in it are the caller's."""
    data = ROOT / "var"
    if words[:1] == ["--data"] and len(words) > 1:
        data, words = Path(words[1]).resolve(), words[2:]
    try:
        settings = note.read(data)
    except Stop as reason:
        sys.exit(str(reason))
    environment = {**os.environ, **settings}
    os.execve(sys.executable, [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words], environment)  # noqa: S606


main(sys.argv[1:])
