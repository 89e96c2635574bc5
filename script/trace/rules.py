"""The table of texts: one TOML table per code, in any number of files, `[S0.11]` and its fields."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path("docs/requirements")
# How many rules each source document has; a code beyond them is unknown.
SIZES = {"S0": 56, "S1": 31, "S2": 25, "S3": 25}
_CODE = re.compile(r"(S[0-3])\.([1-9][0-9]?)")
_TEXTS = {"rule", "claim", "missing"}
_LISTS = {"package", "where"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One code's text. `missing` says what a rule that is built in part still lacks.

    `claim` is a figure that the source document gives of its own experience: not a rule to build.
    """

    code: str
    rule: str
    package: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    missing: str = ""
    claim: str = ""


def list_codes() -> list[str]:
    """Every code there is, in the order of the documents."""
    return [f"{document}.{number}" for document, size in SIZES.items() for number in range(1, size + 1)]


def order(code: str) -> tuple[str, int]:
    """What sorts known codes as people count: S0.9 before S0.10."""
    document, number = code.split(".")
    return document, int(number)


def read(root: Path) -> tuple[dict[str, Rule], list[str]]:
    """The texts by code, and what is wrong with the files."""
    rules: dict[str, Rule] = {}
    problems: list[str] = []
    for path in sorted((root / FOLDER).glob("*.toml")):
        for code, fields in _tables(path):
            wrong = _what_is_wrong(code, fields, known=rules)
            if wrong:
                problems.append(f"{path.relative_to(root)}: {code}: {wrong}")
            else:
                rules[code] = _to_rule(code, fields)
    missing = [code for code in list_codes() if code not in rules]
    if missing:
        problems.append(f"{FOLDER}: no text for {', '.join(missing)}")
    return rules, problems


def _tables(path: Path) -> list[tuple[str, Any]]:
    """`[S0.11]` is the table "11" within "S0"; what lies outside such tables comes along, to be refused."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        (f"{document}.{number}", fields)
        for document, tables in content.items()
        for number, fields in (tables.items() if isinstance(tables, dict) else [("", tables)])
    ]


def _what_is_wrong(code: str, fields: Any, *, known: dict[str, Rule]) -> str | None:
    if _CODE.fullmatch(code) is None or code not in list_codes():
        return "is no code"
    if code in known:
        return "has a text already"
    if not isinstance(fields, dict) or not fields.get("rule"):
        return "has no rule"
    if odd := sorted(set(fields) - _TEXTS - _LISTS):
        return f"has fields that nobody knows: {', '.join(odd)}"
    if any(not _is_text(value) for name, value in fields.items() if name in _TEXTS):
        return "a text is one line"
    if any(not _is_list(value) for name, value in fields.items() if name in _LISTS):
        return "package and where are lists of texts, not empty"
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != "" and "\n" not in value


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _to_rule(code: str, fields: dict[str, Any]) -> Rule:
    lists = {name: tuple(fields.get(name, ())) for name in _LISTS}
    texts = {name: fields.get(name, "") for name in _TEXTS}
    return Rule(code=code, package=lists["package"], where=lists["where"], **texts)
