"""`script/test`: everything, or the part that the arguments name."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from script.checks import servers, static
from script.setup_steps import browser, node
from script.setup_steps.frontends import MINIPROGRAM

ROOT = static.ROOT
MOST_WORKERS = 8
TOO_FEW_WORKERS = 2  # races between waiting processes gain even on one core


def main(arguments: list[str]) -> int:
    """The exit code: 0 only when nothing failed and, in CI, nothing was left out."""
    os.chdir(ROOT)
    arguments, is_given = servers.take_options(arguments)
    if arguments:
        return run_tests([*_short_loop(arguments), *browser_choice()])
    if is_given:
        folders, marks = servers.selection()
        return run_tests([*_workers(), *folders, *browser_choice(marks)])
    with ThreadPoolExecutor(max_workers=1) as beside:
        miniprogram = beside.submit(_miniprogram)
        failed = static.run()
        is_sound, said = miniprogram.result()
    print(said, flush=True)
    if not is_sound:
        failed.append("mini-program")
    code = run_tests([*_workers(), *browser_choice()])
    if failed:
        print(f"\nscript/test: besides the tests above, these failed: {', '.join(failed)}", flush=True)
        return code or 1
    return code


def run_tests(arguments: list[str]) -> int:
    """Runs pytest and returns its exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def _workers() -> list[str]:
    workers = min(max(os.cpu_count() or 1, TOO_FEW_WORKERS), MOST_WORKERS)
    return ["-n", str(workers), "--dist", "loadgroup"]


def browser_choice(marks: Sequence[str] = ()) -> list[str]:
    """Pytest's `-m` of these marks, without browser tests where no browser is; refuses to leave them out in CI."""
    why = browser.missing()
    if why is not None:
        if os.environ.get("CI"):
            sys.exit(f"script/test: {why}; in CI the browser tests must run.")
        print(f"\n*** The browser tests are LEFT OUT: {why}. ***\n", flush=True)
        marks = [*marks, "not browser"]
    return ["-m", " and ".join(marks)] if marks else []


def _short_loop(arguments: list[str]) -> list[str]:
    """`points` stands for tests/points, `rules` for all pure rules; the rest goes to pytest, one process unless -n."""
    words = [f"tests/{word}" if (ROOT / "tests" / word).is_dir() else word for word in arguments]
    if "rules" in words:
        words = [*(word for word in words if word != "rules"), "-m", "no_database and not own_stack and not browser"]
    return words if any(word.startswith("-n") for word in words) else ["-n", "0", *words]


def _miniprogram() -> tuple[bool, str]:
    """Type check and tests of the member's pages, and what they said; both targets were built by the set-up."""
    found = node.find()
    steps = {"mini-program types": "check", "mini-program tests": "test"}
    results = [_npm(found, name, word) for name, word in steps.items()]
    return all(is_sound for is_sound, _ in results), "\n".join(said for _, said in results)


def _npm(found: node.Node, name: str, word: str) -> tuple[bool, str]:
    started = time.monotonic()
    done = subprocess.run(
        [*found.npm, "run", "--silent", word],
        cwd=MINIPROGRAM,
        env=os.environ | found.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, f"\n== {name}\n{done.stdout}{static.result(name, done.returncode, started)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
