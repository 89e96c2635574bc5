"""Compiles requirements*.in into pinned requirements*.txt with the hashes of every file of each version, by uv."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = "# Compiled from {stem}.in by script/lock; edit that file and run it again.\n"
_PIN = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def main(arguments: list[str]) -> None:
    """Writes requirements.txt, those of -dev and -ocr held to the same versions, and of -node."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    _compile("requirements", upgrade)
    held = [word for name in sorted(_pins("requirements")) for word in ("--no-emit-package", name)]
    _compile("requirements-dev", [*upgrade, *held], first="-r requirements.txt\n")
    _compile("requirements-ocr", [*upgrade, *held], first="-r requirements.txt\n")
    _compile("requirements-node", upgrade)


def _compile(stem: str, options: list[str], *, first: str = "") -> None:
    """One .in file into its .txt, resolved as for Python 3.11; no index is named in it."""
    target = ROOT / f"{stem}.txt"
    quiet = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    compiled = ["--python-version", "3.11", "--generate-hashes", "--output-file", str(target)]
    uv = [sys.executable, "-m", "uv", "pip", "compile"]
    done = subprocess.run([*uv, *quiet, *compiled, *options, f"{stem}.in"], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SystemExit(f"script/lock: no set of versions fits {stem}.in; uv's answer is above.")
    target.write_text(HEADER.format(stem=stem) + first + target.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{stem}.txt: {len(_pins(stem))} packages")


def _pins(stem: str) -> set[str]:
    """Names of the packages that a compiled file pins."""
    return set(_PIN.findall((ROOT / f"{stem}.txt").read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(sys.argv[1:])
