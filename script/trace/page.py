"""The page itself, written out of texts and marks."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from script.trace import rules as texts
from script.trace.marks import Mark
from script.trace.rules import Rule

PAGE = Path("docs/requirements.md")
TITLES = {
    "S0": "S0: the lifecycle handbook",
    "S1": "S1: the article on efficiency",
    "S2": "S2: the guide to private traffic",
    "S3": "S3: the article on mall membership systems",
}
NOT_YET = "not yet"
_HEAD = """\
# Requirements and what shows them

<!-- Written by script/requirements. Change docs/requirements/*.toml or the marks in the tests, then run it again. -->

Four documents say what the product must do; each of their rules has a code, S0.1 to S3.25. This page tells for each the
rule in our own words, the package that holds it, the page, endpoint, job or command where it is met, and the tests that
show it. A test bears the codes it shows: `@pytest.mark.requirement("S0.11")`. A rule without such a test is *not yet*
built; one that is built in part says what is missing. A *claim* is a figure that a document reports from elsewhere, not
a rule to build.
"""


def write(rules: dict[str, Rule], marks: Sequence[Mark]) -> str:
    """The whole page."""
    tests: defaultdict[str, list[str]] = defaultdict(list)
    for mark in marks:
        tests[mark.code].append(mark.test)
    codes = sorted(rules, key=texts.order)
    parts = [_HEAD, _counts(rules, tests)]
    for document, title in TITLES.items():
        rows = [_row(rules[code], tests[code]) for code in codes if code.startswith(f"{document}.")]
        parts.append("\n".join([f"## {title}", *_columns("code", "rule", "package", "where", "shown by"), *rows, ""]))
    return "\n".join(parts)


def _counts(rules: dict[str, Rule], tests: dict[str, list[str]]) -> str:
    """How far it is, per document and altogether."""
    lines = _columns("", "rules", "shown by tests", "of these in part", NOT_YET, "with a claim")
    for name in [*texts.SIZES, "all"]:
        chosen = [rule for code, rule in rules.items() if name in ("all", code.split(".")[0])]
        shown = [rule for rule in chosen if tests.get(rule.code)]
        numbers = [
            len(chosen),
            len(shown),
            sum(bool(rule.missing) for rule in shown),
            len(chosen) - len(shown),
            sum(bool(rule.claim) for rule in chosen),
        ]
        lines.append(_line(name, *(str(number) for number in numbers)))
    return "\n".join([*lines, ""])


def _row(rule: Rule, tests: list[str]) -> str:
    text = rule.rule if not rule.claim else f"{rule.rule} *Claim, not a rule to build: {rule.claim}*"
    shown = _codes(tests) or NOT_YET
    if rule.missing:
        shown += f"<br>{NOT_YET}: {rule.missing}"
    return _line(rule.code, text, _codes(rule.package), _codes(rule.where), shown)


def _columns(*names: str) -> list[str]:
    return [_line(*names), _line(*("---" for _ in names))]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _codes(items: Sequence[str]) -> str:
    return "<br>".join(f"`{item}`" for item in items)
