"""Processes of the product that need not import it: each is forked from one that is kept and has imported all of it.

Importing takes some three seconds of CPU, and a run asks for dozens of commands. To the rest of the machine such a
process is one that was started with that environment and those words.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Never

ROOT = Path(__file__).resolve().parents[2]
_ENDED_WITHIN_S = 30


def run(module: str, *words: str, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """What `python -m module words` says and how it ends, with that environment and nothing to read."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / name for name in ("out", "err")]
        asked = {"module": module, "words": words, "environment": dict(environment), "outputs": [*map(str, outputs)]}
        kept = _keep()
        assert kept.stdin is not None and kept.stdout is not None
        print(json.dumps(asked), file=kept.stdin, flush=True)
        code = int(kept.stdout.readline())
        said = [path.read_text(encoding="utf-8", errors="replace") for path in outputs]
    return subprocess.CompletedProcess([module, *words], code, *said)


def dismiss() -> None:
    """Ends the kept process of this one, if there is any."""
    if _keep.cache_info().currsize:
        _keep().communicate(timeout=_ENDED_WITHIN_S)
        _keep.cache_clear()


@cache
def _keep() -> "subprocess.Popen[str]":
    """It ends when nobody is there to ask."""
    command = [sys.executable, "-m", "tests.support.kept"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def main() -> None:
    """Answers each line of words with the exit code of a process that did them."""
    import_module("wsgi")
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _become(**json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201  read by the test


def _become(module: str, words: list[str], environment: dict[str, str], outputs: list[str]) -> Never:
    """Whatever happens, the forked process does not go on as its parent would."""
    code: object = 1
    try:
        for number, path in enumerate([os.devnull, *outputs]):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv[1:] = words
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
