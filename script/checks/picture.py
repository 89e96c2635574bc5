"""The picture of the architecture, drawn from its text by Graphviz as WebAssembly: nothing need be installed."""

import os
import subprocess
import sys
from pathlib import Path

from script.setup_steps import node

ROOT = Path(__file__).resolve().parents[2]


def draw(*arguments: str) -> int:
    """Runs the drawing; with `--check` only says whether the picture is of its text. Returns the exit code."""
    found = node.find()
    words = [*found.npm, "run", "--silent", "draw", "--", *arguments]
    return subprocess.run(words, cwd=ROOT, env=os.environ | found.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(draw(*sys.argv[1:]))
