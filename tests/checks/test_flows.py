"""Flows call packages and what they share, never each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOWS = ROOT / "app" / "flows"
SHARED = "app.flows.consequences"
# A measured single-statement twin and the flow it stands in for know each other.
TWINS = "app.flows.hot"
# Tables of what flows bring along, which nobody calls: they are found by their names.
TABLES = {"app.flows.case_kinds"}


def part_of(path: Path) -> str:
    """The flow or the package of flows that a file belongs to."""
    return f"app.flows.{path.relative_to(FLOWS).parts[0].removesuffix('.py')}"


def find_flows(tree: ast.AST) -> Iterator[str]:
    """The flows, or packages of flows, that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            if module.startswith("app.flows."):
                yield ".".join(module.split(".")[:3])


def find_calls(path: Path) -> set[str]:
    """Other flows that a module of flows imports."""
    own = part_of(path)
    found = set(find_flows(ast.parse(path.read_text(encoding="utf-8"))))
    return set() if own in {TWINS, *TABLES} else found - {own, SHARED, TWINS}


def test_no_flow_calls_another() -> None:
    files = list(FLOWS.rglob("*.py"))
    assert len(files) > 20

    assert {str(path.relative_to(ROOT)): found for path in files if (found := find_calls(path))} == {}


def test_consequences_are_called_by_flows_only() -> None:
    folders = ("app", "cli", "jobs", "member_api", "merchant_portal", "mall_console", "open_api")
    others = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if FLOWS not in path.parents]

    assert [
        str(path.relative_to(ROOT))
        for path in others
        if SHARED in find_flows(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


@pytest.mark.parametrize(
    ("line", "flow"),
    [
        ("from app.flows import purchases", "app.flows.purchases"),
        ("from app.flows.members.joining import JOIN_GROWTH", "app.flows.members"),
        ("import app.flows.history.receipts", "app.flows.history"),
        ("from app.flows.consequences import purchase", "app.flows.consequences"),
    ],
)
def test_an_import_of_a_flow_is_found(line: str, flow: str) -> None:
    assert list(find_flows(ast.parse(line))) == [flow]
