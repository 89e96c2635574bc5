"""Edges and workers open transactions; packages and flows work inside the one that is open."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The parts of the HTTP kit that are a request's own unit of work.
OPENERS = {"app/web/commands.py", "app/web/pages/staff_accounts.py", "app/web/staff/auth.py"}
WORKERS = "app/workers/"


def opens_transactions(source):
    """Whether the source names `atomic`, imported or as an attribute."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        if isinstance(node, ast.Name):
            names.append(node.id)
        if "atomic" in names:
            return True
    return False


def openers():
    files = [(path.relative_to(ROOT).as_posix(), path) for path in (ROOT / "app").rglob("*.py")]
    return {name for name, path in files if opens_transactions(path.read_text(encoding="utf-8"))}


def test_only_edges_and_workers_open_transactions():
    elsewhere = {name for name in openers() if not name.startswith(WORKERS)}

    assert elsewhere - OPENERS == set()


def test_the_rule_has_something_to_find():
    found = openers()

    assert found >= OPENERS
    assert any(name.startswith(WORKERS) for name in found)


@pytest.mark.parametrize(
    "planted",
    [
        "from app.kernel.db import atomic\n",
        "from app.kernel.db import atomic as unit_of_work\n",
        "from app.kernel import db\n\ndef act():\n    with db.atomic():\n        pass\n",
        "import app.kernel.db\n\nact = app.kernel.db.atomic\n",
    ],
)
def test_a_planted_transaction_is_found(planted):
    assert opens_transactions(planted)


@pytest.mark.parametrize("innocent", ["from app.kernel.db import is_atomic\n", '"""atomic()"""\n', "# atomic()\n"])
def test_words_alone_are_no_transaction(innocent):
    assert not opens_transactions(innocent)
