"""The marks in the tests, read from their source: nothing is imported, nothing runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

FOLDER = Path("tests")
_MARK = "requirement"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """That a test, `tests/file.py::test_name`, shows the rule of a code."""

    code: str
    test: str


def read(root: Path) -> tuple[list[Mark], list[str]]:
    """All marks in order, and what is wrong with them: every mark decorates a test and names its codes as text."""
    marks: list[Mark] = []
    problems: list[str] = []
    for path in sorted((root / FOLDER).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        readable = set()
        for test, call in _marked(tree) if path.name.startswith("test_") else ():
            if codes := _codes(call):
                readable.add(call.func)
                marks += [Mark(code, f"{name}::{test}") for code in codes]
        problems += [
            f'{name}:{node.lineno}: the mark stands on a test and names its codes, like @pytest.mark.{_MARK}("S0.11")'
            for node in ast.walk(tree)
            if _is_mark(node) and node not in readable
        ]
    return sorted(set(marks)), problems


def _marked(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The marks that decorate tests, with the tests' names as pytest writes them."""
    for name, node in _tests(tree):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and _is_mark(decorator.func):
                yield name, decorator


def _tests(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    """What pytest collects: functions of the module and of its classes, by name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from ((f"{node.name}::{inner.name}", inner) for inner in node.body if _is_test(inner))
        elif _is_test(node):
            yield node.name, node


def _is_test(node: ast.AST) -> TypeGuard[_Function]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")


def _is_mark(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Whether this is `pytest.mark.requirement` or `mark.requirement`."""
    if not isinstance(node, ast.Attribute) or node.attr != _MARK:
        return False
    holder = node.value
    return (isinstance(holder, ast.Attribute) and holder.attr == "mark") or (
        isinstance(holder, ast.Name) and holder.id == "mark"
    )


def _codes(call: ast.Call) -> list[str]:
    """The codes a mark names; none when one of them has to be worked out."""
    texts = [item.value for item in call.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return texts if len(texts) == len(call.args) and not call.keywords else []
