"""The trace of the requirements: unknown codes, a stale page and texts that do not fit the tests are refused."""

import re
import shutil
from pathlib import Path

import pytest

from jobs.schedule import find_job
from script.trace import __main__ as trace
from script.trace import page, rules

ROOT = Path(__file__).resolve().parents[2]
JOIN = "tests/member_api/test_joining.py"


@pytest.fixture
def copy(tmp_path):
    """A project with the texts as they are, but nothing that is built: no test, no package, no place."""
    for name, lines in texts().items():
        built = re.compile(r"(package|where|missing) = ")
        put(tmp_path, name, "\n".join(line for line in lines if not built.match(line)))
    put(tmp_path, JOIN, "def test_joining(): ...\n")
    put(tmp_path, "app/identity/__init__.py", "")
    assert run(tmp_path) == 0
    return tmp_path


def texts():
    files = sorted((ROOT / rules.FOLDER).glob("*.toml"))
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").splitlines() for file in files}


def put(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def run(folder, *arguments):
    return trace.main(list(arguments), root=folder)


def mark(folder, code, *, test="test_joining"):
    put(folder, JOIN, f"import pytest\n\n\n@pytest.mark.requirement({code!r})\ndef {test}(): ...\n")


def describe(folder, code, fields):
    """Add fields to the text of a code."""
    for file in (folder / rules.FOLDER).glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(f"[{code}]\n", f"[{code}]\n{fields}\n"), encoding="utf-8")


BUILT = 'package = ["app/identity"]\nwhere = ["POST /join"]'


def row(folder, code):
    lines = (folder / page.PAGE).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"| {code} |"))


def test_the_page_in_the_repository_is_right():
    assert run(ROOT, "--check") == 0


def test_every_code_of_the_four_documents_has_its_row(copy):
    shown = re.findall(r"^\| (S\d\.\d+) \|", (copy / page.PAGE).read_text(encoding="utf-8"), re.M)

    assert shown == rules.list_codes()
    assert len(shown) == 137
    assert (shown[0], shown[55], shown[56], shown[-1]) == ("S0.1", "S0.56", "S1.1", "S3.25")


def test_a_marked_test_stands_beside_its_rule_and_the_others_are_not_yet(copy):
    mark(copy, "S0.15")
    describe(copy, "S0.15", BUILT)

    assert run(copy) == 0
    assert row(copy, "S0.15").endswith(f"| `app/identity` | `POST /join` | `{JOIN}::test_joining` |")
    assert row(copy, "S0.16").endswith("|  |  | not yet |")
    assert "| all | 137 | 1 | 0 | 136 | 4 |" in (copy / page.PAGE).read_text(encoding="utf-8")


def test_what_a_rule_still_lacks_is_told(copy):
    mark(copy, "S0.9")
    describe(copy, "S0.9", f'{BUILT}\nmissing = "opened first messages"')

    assert run(copy) == 0
    assert row(copy, "S0.9").endswith(f"| `{JOIN}::test_joining`<br>not yet: opened first messages |")
    assert "| all | 137 | 1 | 1 | 136 | 4 |" in (copy / page.PAGE).read_text(encoding="utf-8")


def test_a_claim_is_told_apart_from_the_rule(copy):
    assert "*Claim, not a rule to build: " in row(copy, "S1.8")
    assert "Claim" not in row(copy, "S1.9")


@pytest.mark.parametrize("code", ["S0.57", "S4.1", "S0.01", "S0", "joining", ""])
def test_a_mark_with_an_unknown_code_is_refused(copy, capsys, code):
    mark(copy, code)

    assert run(copy, "--check") == 1
    assert f"{JOIN}::test_joining: {code} is no code of a requirement" in capsys.readouterr().err


@pytest.mark.parametrize(
    "source",
    [
        "@pytest.mark.requirement\ndef test_joining(): ...",
        "@pytest.mark.requirement()\ndef test_joining(): ...",
        "CODE = 'S0.15'\n@pytest.mark.requirement(CODE)\ndef test_joining(): ...",
        "@pytest.mark.requirement('S0.15')\ndef joining(): ...",
        "pytestmark = pytest.mark.requirement('S0.15')",
    ],
)
def test_a_mark_that_cannot_be_read_is_refused_with_its_line(copy, capsys, source):
    put(copy, JOIN, f"import pytest\n{source}\n")

    assert run(copy, "--check") == 1
    assert re.search(rf"{JOIN}:\d: the mark stands on a test", capsys.readouterr().err)


def test_marks_on_methods_of_test_classes_and_several_codes_are_read(copy):
    put(
        copy,
        JOIN,
        "from pytest import mark\n\n\nclass TestJoining:\n"
        "    @mark.requirement('S0.15', 'S0.10')\n    @mark.requirement('S2.1')\n    def test_twice(self): ...\n",
    )
    for code in ("S0.15", "S0.10", "S2.1"):
        describe(copy, code, BUILT)

    assert run(copy) == 0
    assert all(f"`{JOIN}::TestJoining::test_twice`" in row(copy, code) for code in ("S0.15", "S0.10", "S2.1"))


def test_a_stale_page_is_refused_until_it_is_written_anew(copy, capsys):
    mark(copy, "S0.15")
    describe(copy, "S0.15", BUILT)

    assert run(copy, "--check") == 1
    assert "docs/requirements.md is stale" in capsys.readouterr().err
    assert (run(copy), run(copy, "--check")) == (0, 0)


def test_a_page_that_is_missing_is_stale(copy):
    (copy / page.PAGE).unlink()

    assert run(copy, "--check") == 1


def test_a_renamed_test_makes_the_page_stale(copy):
    mark(copy, "S0.15")
    describe(copy, "S0.15", BUILT)
    run(copy)
    mark(copy, "S0.15", test="test_joining_by_another_name")

    assert run(copy, "--check") == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('package = ["app/identity"]', "no test is marked with it"),
        ('where = ["POST /join"]', "no test is marked with it"),
        ('missing = "nearly all"', "no test is marked with it"),
        ('place = "identity"', "has fields that nobody knows: place"),
        ('package = "app/identity"', "package and where are lists"),
        ("package = []", "package and where are lists"),
        ('claim = ""', "a text is one line"),
    ],
)
def test_a_text_that_says_too_much_is_refused(copy, capsys, fields, reason):
    describe(copy, "S0.15", fields)

    assert run(copy, "--check") == 1
    assert f"S0.15: {reason}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("", "a test is marked with it, so its package and where must be named"),
        ('package = ["app/identity"]', "a test is marked with it, so its package and where must be named"),
        ('package = ["app/boutiques"]\nwhere = ["POST /join"]', "there is no package app/boutiques"),
    ],
)
def test_a_rule_that_a_test_shows_has_a_place_that_exists(copy, capsys, fields, reason):
    mark(copy, "S0.15")
    describe(copy, "S0.15", fields)

    assert run(copy, "--check") == 1
    assert f"S0.15: {reason}" in capsys.readouterr().err


def test_a_code_without_a_text_or_with_two_is_refused(copy, capsys):
    shutil.copy(copy / rules.FOLDER / "S3.toml", copy / rules.FOLDER / "S3-again.toml")
    (copy / rules.FOLDER / "S2.toml").unlink()

    assert run(copy, "--check") == 1
    told = capsys.readouterr().err
    assert "S3.25: has a text already" in told
    assert "no text for S2.1, S2.2" in told


def test_what_it_does_not_know_how_to_do_it_says(copy, capsys):
    assert run(copy, "--chek") == 2
    assert "usage: script/requirements [--check]" in capsys.readouterr().err


def test_every_place_on_the_page_exists(app):
    places = {place for rule in rules.read(ROOT)[0].values() for place in rule.where}

    assert {place for place in places if not exists(place, app)} == set()


@pytest.mark.parametrize("place", ["GET /api/v1/boutiques", "job iron_shirts", "flask iron", "page pages/iron", "here"])
def test_a_place_that_is_none_would_be_noticed(app, place):
    assert not exists(place, app)


def exists(place, app):
    """Whether an endpoint, a job, a command or a page of the mini-program is there."""
    kind, _, name = place.partition(" ")
    if kind == "job":
        return find_job(name) is not None
    if kind == "flask":
        return name in commands(app.cli)
    if kind == "page":
        return name in re.findall(r'"path": "([^"]+)"', (ROOT / "miniprogram/src/pages.json").read_text("utf-8"))
    return any(kind in rule.methods and name == rule.rule for rule in app.url_map.iter_rules())


def commands(group, prefix=""):
    """The names of a group's commands, inner ones with the group's name before them."""
    found = set()
    for name, command in group.commands.items():
        found |= commands(command, f"{prefix}{name} ") if hasattr(command, "commands") else {prefix + name}
    return found
