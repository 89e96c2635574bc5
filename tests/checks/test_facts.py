"""Facts are made by constructors and never taken apart by SQL."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app", "cli", "jobs", "member_api", "merchant_portal", "mall_console", "open_api")
# The platforms' callbacks are known by ids that the platforms put together; kernel/facts.py has no part in them.
CUTTING = {"contains", "endswith", "icontains", "ilike", "like", "not_like", "regexp_match", "startswith"}
CUTTING_IN_SQL = {"left", "position", "regexp_replace", "right", "split_part", "strpos", "substr", "substring"}


def is_text(node: ast.expr | None) -> bool:
    """A text written out, put together by an f-string, or added up."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_fact_name(name: str | None) -> bool:
    return name is not None and (name.lower() == "fact" or name.lower().endswith("_fact"))


def find_handmade(tree: ast.AST) -> Iterator[int]:
    """Lines where a text is given out as a fact."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and is_fact_name(node.arg) and is_text(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign) and is_text(node.value):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if any(map(is_fact_name, names)):
                yield node.lineno


def names_fact(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Attribute) and is_fact_name(inner.attr) for inner in ast.walk(node))


def find_cut(tree: ast.AST) -> Iterator[int]:
    """Lines where a fact is taken apart, by a select or otherwise."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        on_column = node.func.attr in CUTTING | {"removeprefix", "split", "partition"} and names_fact(node.func.value)
        in_sql = node.func.attr in CUTTING_IN_SQL and any(map(names_fact, node.args))
        if on_column or in_sql:
            yield node.lineno


def sources() -> list[Path]:
    found = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]
    assert len(found) > 100
    return found


def find_all(find) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line in find(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_every_fact_has_a_constructor() -> None:
    assert find_all(find_handmade) == []


def test_no_fact_is_taken_apart() -> None:
    assert find_all(find_cut) == []


@pytest.mark.parametrize(
    "line",
    [
        'ledger.accrue(1, fact=f"task:{code}")',
        'ledger.accrue(1, fact="task:1")',
        'ledger.give_back(1, spent_fact="parking:" + payment.public_id)',
        'fact = f"redemption:{redemption_id}"',
        'EARNED_FACT = "join"',
    ],
)
def test_a_handmade_fact_is_found(line: str) -> None:
    assert list(find_handmade(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "select(func.substr(Posting.fact, 3))",
        'func.split_part(Posting.fact, ":", 2)',
        'where(ConsentEvent.fact.not_like("push:%"))',
        'Greeting.fact.contains("|x|", autoescape=True)',
        'event.fact.removeprefix("push:")',
    ],
)
def test_a_fact_taken_apart_is_found(line: str) -> None:
    assert list(find_cut(ast.parse(line))) == [1]
