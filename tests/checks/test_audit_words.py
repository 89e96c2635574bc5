"""What the audit log keeps of an act has a word for people, wherever it is written down."""

import ast
from collections.abc import Iterator
from pathlib import Path

from mall_console.audit.audit_log import FACTS

ROOT = Path(__file__).resolve().parents[2]
WRITERS = ("app", "cli", "jobs", "mall_console", "member_api", "merchant_portal", "open_api")


def read_written(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The first part of each action (empty where a variable holds it) with each fact that is kept of it."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        named = dict(_named(function))
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call) and _is_record(node)):
            kept = next((one.value for one in call.keywords if one.arg == "facts"), None)
            kept = named.get(kept.id) if isinstance(kept, ast.Name) else kept
            for name in _keys(kept):
                yield from ((about, name) for about in _abouts(call))


def _named(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _is_record(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("record", "row")


def _keys(kept: ast.expr | None) -> Iterator[str]:
    names = kept.keys if isinstance(kept, ast.Dict) else []
    yield from (name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str))


def _abouts(call: ast.Call) -> set[str]:
    actions = [*call.args, *(one.value for one in call.keywords if one.arg == "action")]
    texts = [node.value for one in actions for node in ast.walk(one) if isinstance(node, ast.Constant)]
    return {text.partition(".")[0] for text in texts if isinstance(text, str) and "." in text} or {""}


def _has_word(about: str, name: str) -> bool:
    """Where a variable holds the action, any subject's word will do."""
    return name in FACTS or (f"{about}.{name}" in FACTS if about else any(one.endswith(f".{name}") for one in FACTS))


def test_every_fact_of_the_audit_log_has_a_word() -> None:
    written = {
        (str(path.relative_to(ROOT)), about, name)
        for root in WRITERS
        for path in (ROOT / root).rglob("*.py")
        for about, name in read_written(ast.parse(path.read_text()))
    }
    assert len(written) > 100
    assert sorted(one for one in written if not _has_word(*one[1:])) == []


def test_a_fact_without_a_word_is_found() -> None:
    planted = ast.parse(
        'def act():\n    facts = {"oddity": 1}\n    audit.record(actor, action="door.open", facts=facts)'
    )
    assert list(read_written(planted)) == [("door", "oddity")]
