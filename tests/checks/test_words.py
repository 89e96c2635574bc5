"""The trade's words: nothing is called a house or a room when an architecture, a stack or a package is meant."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = re.compile(r"nursery room")  # as a shopper says it
HERE = "tests/checks/test_words.py"


def texts():
    """Every text in the repository that people of the project write, by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    kinds = {".py", ".md", ".toml", ".in", ".js", ".mjs", ".ts", ".vue", ".css", ".html", ".mako", ""}
    paths = [ROOT / name for name in listed.split("\0") if name and Path(name).suffix in kinds and name != HERE]
    found = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths if path.is_file()}
    assert len(found) > 500
    return found


@pytest.mark.parametrize("word", ["house", "room"])
def test_a_word_with_six_meanings_is_not_used(word):
    written = re.compile(rf"(?<![a-z]){word}s?(?![a-z])", re.IGNORECASE)
    found = [
        f"{name}:{number}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if written.search(ORDINARY.sub("", line)) or written.search(Path(name).stem)
    ]

    assert found == []
