"""What is committed is the product's own text: nothing of one machine, nothing that others wrote and a tool fetches."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = {"package-lock.json"}
PICTURES = {".png", ".jpg", ".ico", ".webp"}
PACKED = {".xz"}  # data of a test, with a README beside it that says whose it is
# Somebody's own folders; a path that a deployment would have (/var/lib, /etc) is none of these.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|home|Users|tmp|private/tmp)/[\w.]")
LONGEST_LINE = 1_000
BUNDLED = re.compile(r"sourceMappingURL=|/\*!|@license\b|@preserve\b|__webpack_require__")
SCRIPTS = {".js", ".mjs", ".css", ".ts", ".vue", ".html"}


def committed():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [ROOT / name for name in listed.split("\0") if name]
    assert len(found) > 100
    return [path for path in found if path.is_file()]


def written():
    """Committed files that people write, with their text."""
    for path in committed():
        if path.name not in LOCK_FILES and path.suffix not in PICTURES | PACKED:
            yield path, path.read_text(encoding="utf-8")


def lines_that(has_fault):
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in written()
        for number, line in enumerate(text.splitlines(), 1)
        if has_fault(path, line)
    ]


def test_no_path_of_one_machine_is_written_down():
    assert lines_that(lambda path, line: MACHINE_PATH.search(line)) == []


@pytest.mark.parametrize("folder", ["home", "root", "tmp", "work"])
def test_such_a_path_would_be_found(folder):
    assert MACHINE_PATH.search(f"see '/{folder}/somebody/notes'")


def test_no_line_is_as_long_as_a_machine_writes_them():
    assert lines_that(lambda path, line: len(line) > LONGEST_LINE) == []


def test_nothing_was_bundled_or_minified_by_others():
    assert lines_that(lambda path, line: path.suffix in SCRIPTS and BUNDLED.search(line)) == []
    assert [path.name for path in committed() if ".min." in path.name] == []


def test_what_tools_fetch_and_build_is_not_committed():
    made = {"node_modules", "dist", "vendor", ".venv", "var", "__pycache__"}

    assert [str(path) for path in committed() if made & set(path.relative_to(ROOT).parts)] == []


def test_pictures_show_the_product_and_nothing_else_is_binary():
    pictures = [path.relative_to(ROOT) for path in committed() if path.suffix in PICTURES]

    assert [str(path) for path in pictures if path.parts[:2] != ("docs", "screens")] == []
    packed = [path.relative_to(ROOT) for path in committed() if path.suffix in PACKED]
    assert [str(path) for path in packed if path.parent.as_posix() != "tests/migrations"] == []
    assert [path.name for path, text in written() if "\0" in text] == []


def test_no_two_decisions_have_one_number():
    numbers = [path.name.split("-")[0] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) > 20
    assert sorted(set(numbers)) == sorted(numbers)
