"""Rules of our own that no linter knows, read from the source."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app", "cli", "member_api", "merchant_portal", "mall_console", "open_api", "jobs")
EVERYTHING = (*PRODUCT, "sandbox", "script", "tests")
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MOST_MODULES = 13
# What packages export by these names is merged by others; it comes with every subject and hides nothing.
EXPORTS = {
    "__init__",
    "audit_names",
    "day_sums",
    "errors",
    "facts",
    "member_fields",
    "member_signs",
    "models",
    "permissions",
    "personal_data",
    "sweeps",
    "untimed_events",
    "wording",
}
MOST_FORMAT_SKIPS = 25


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


def test_no_package_is_crowded():
    folders = Counter(path.parent for path in sources(*PRODUCT, "sandbox", "script") if path.stem not in EXPORTS)

    assert {name(folder): count for folder, count in folders.items() if count > MOST_MODULES} == {}


def test_few_tables_keep_a_layout_of_their_own():
    skips = lines_matching(r"# fmt: (skip|off)$", *EVERYTHING)

    assert len(skips) <= MOST_FORMAT_SKIPS, skips


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


def ends(word):
    """Files that end a transaction by the word; a savepoint, by its name, ends only itself."""
    return {line.split(":")[0] for line in lines_matching(rf"(?<!\bsavepoint)\.{word}\(", *PRODUCT)}


def test_only_the_kernel_commits():
    assert ends("commit") == {"app/kernel/db.py"}


def test_only_the_kernel_rolls_back():
    assert ends("rollback") == {"app/kernel/db.py"}


def test_what_is_called_a_savepoint_is_one():
    named = {line.split(":")[0] for line in lines_matching(r"savepoint\.(commit|rollback)\(", *PRODUCT)}

    assert named <= {
        line.split(":")[0] for line in lines_matching(r"savepoint = db\.session\.begin_nested\(\)", *PRODUCT)
    }


def test_queries_are_written_with_select():
    assert lines_matching(r"\.query\.(get|filter|all|first|order_by|join)\b|session\.query\(", *PRODUCT) == []


@pytest.mark.parametrize(
    "words", [r"time\.sleep\(", r"pytest\.(skip|mark\.(skip|xfail))\b", r"unittest\.mock|MagicMock"]
)
def test_tests_neither_sleep_nor_skip_nor_mock(words):
    found = [
        line for line in lines_matching(words, "tests") if not line.startswith("tests/checks/test_source_rules.py")
    ]

    assert found == []


def test_the_factory_knows_no_sandbox():
    factory = (ROOT / "wsgi.py").read_text(encoding="utf-8")

    assert "sandbox" not in re.findall(r"^\s*(?:from|import) (\w+)", factory, re.M)


def test_what_looks_like_a_calendar_is_a_field_of_a_day():
    # The script takes over fields of days and marks them itself; a page that marks a field shows a calendar's sign on
    # one that opens none.
    pages = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.html")]
    assert len(pages) > 100
    assert [name(path) for path in pages if "data-picker" in path.read_text(encoding="utf-8")] == []
