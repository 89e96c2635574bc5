"""Compiles requirements*.in into pinned requirements*.txt by pip's own resolver."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = "# Compiled from {source} by script/lock; edit that file and run it again.\n"


def main(arguments: list[str]) -> None:
    """Writes requirements.txt, then requirements-dev.txt held to the same versions."""
    keep = "--upgrade" not in arguments
    run = _resolve([ROOT / "requirements.in"], ROOT / "requirements.txt" if keep else None)
    _write("requirements", run)
    both = [ROOT / "requirements.txt", ROOT / "requirements-dev.in"]
    dev = _resolve(both, ROOT / "requirements-dev.txt" if keep else None)
    _write("requirements-dev", {name: version for name, version in dev.items() if name not in run})


def _resolve(sources: list[Path], constraint: Path | None) -> dict[str, str]:
    """Versions by package name that satisfy `sources`; `constraint` is dropped when it no longer fits."""
    if constraint is not None and constraint.exists():
        found = _pip_report([*_flags("-r", sources), "-c", str(constraint)])
        if found is not None:
            return found
    found = _pip_report(_flags("-r", sources))
    if found is None:
        raise SystemExit("script/lock: no set of versions fits; pip's answer is above.")
    return found


def _flags(flag: str, paths: list[Path]) -> list[str]:
    return [word for path in paths for word in (flag, str(path))]


def _pip_report(arguments: list[str]) -> dict[str, str] | None:
    """Asks pip what it would install into an empty environment; None when nothing fits."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        dry_run = ["install", "--dry-run", "--ignore-installed", "-qq", "--report", str(report)]
        done = subprocess.run([sys.executable, "-m", "pip", *dry_run, *arguments], cwd=ROOT, check=False)
        if done.returncode != 0:
            return None
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {_canonical(item["metadata"]["name"]): item["metadata"]["version"] for item in items}


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _write(stem: str, versions: dict[str, str]) -> None:
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    first = "-r requirements.txt\n" if stem.endswith("-dev") else ""
    text = HEADER.format(source=f"{stem}.in") + first + "".join(lines)
    (ROOT / f"{stem}.txt").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{stem}.txt: {len(lines)} packages\n")


if __name__ == "__main__":
    main(sys.argv[1:])
