"""House rules that no linter knows, read from the source."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app", "member_api", "merchant_portal", "mall_console", "open_api", "jobs")
EVERYTHING = (*PRODUCT, "sandbox", "script", "tests")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def sources(*folders):
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert found
    return [*found, ROOT / "wsgi.py"]


def name(path):
    return str(path.relative_to(ROOT))


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def lines_matching(pattern, *folders):
    return [
        f"{name(path)}:{number}"
        for path in sources(*folders)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_file_is_longer_than_anybody_reads():
    long = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*EVERYTHING)}

    assert {path: lines for path, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in sources(*PRODUCT, "sandbox", "script")
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_imports_stand_at_the_top():
    inner = [
        f"{name(path)}:{child.lineno}"
        for path in sources(*PRODUCT, "sandbox", "script")
        for node in functions(path)
        for child in ast.walk(node)
        if isinstance(child, (ast.Import, ast.ImportFrom))
    ]

    assert inner == []


# Where a transaction may end besides `atomic()`, and why.
ENDS = {
    "app/kernel/db.py": "atomic() itself",
    "app/identity/members.py": "a savepoint: taken back when somebody else made the same person a moment before",
    "app/web/health.py": "a look at a database that does not answer is given up",
}


def test_only_the_kernel_commits():
    commits = lines_matching(r"\.commit\(", *PRODUCT)

    assert {line.split(":")[0] for line in commits} == {"app/kernel/db.py", "app/identity/members.py"}
    assert lines_matching(r"savepoint\.commit\(", "app/identity") == [one for one in commits if "identity" in one]


def test_transactions_end_in_the_kernel_and_in_places_with_a_reason():
    assert {line.split(":")[0] for line in lines_matching(r"\.(commit|rollback)\(", *PRODUCT)} == set(ENDS)


def test_queries_are_written_with_select():
    assert lines_matching(r"\.query\.(get|filter|all|first|order_by|join)\b|session\.query\(", *PRODUCT) == []


@pytest.mark.parametrize(
    "words", [r"time\.sleep\(", r"pytest\.(skip|mark\.(skip|xfail))\b", r"unittest\.mock|MagicMock"]
)
def test_tests_neither_sleep_nor_skip_nor_mock(words):
    found = [line for line in lines_matching(words, "tests") if not line.startswith("tests/works/test_house_rules.py")]

    assert found == []


def test_the_factory_knows_no_sandbox():
    factory = (ROOT / "wsgi.py").read_text(encoding="utf-8")

    assert "sandbox" not in re.findall(r"^\s*(?:from|import) (\w+)", factory, re.M)
