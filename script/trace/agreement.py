"""Whether texts and tests fit each other: what a test shows has its place, what none shows has none."""

from collections.abc import Sequence
from pathlib import Path

from script.trace.marks import Mark
from script.trace.rules import Rule


def find_problems(rules: dict[str, Rule], marks: Sequence[Mark], root: Path) -> list[str]:
    """What does not fit, in words."""
    unknown = [f"{mark.test}: {mark.code} is no code of a requirement" for mark in marks if mark.code not in rules]
    shown = {mark.code for mark in marks}
    return unknown + [problem for rule in rules.values() for problem in _problems(rule, rule.code in shown, root)]


def _problems(rule: Rule, is_shown: bool, root: Path) -> list[str]:
    if not is_shown and (rule.package or rule.where or rule.missing):
        return [f"{rule.code}: no test is marked with it, so it has no package, no where and nothing missing yet"]
    if is_shown and not (rule.package and rule.where):
        return [f"{rule.code}: a test is marked with it, so its package and where must be named"]
    return [f"{rule.code}: there is no package {name}" for name in rule.package if not _is_package(root / name)]


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file() or (folder / "package.json").is_file()
