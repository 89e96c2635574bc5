"""The style sheets of a face are one sheet in the end, so a class is defined in one of them."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "static" / "src"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"^([^\s{}@][^{}]*)\{", re.MULTILINE)
_BARE = re.compile(r"\.[\w-]+")
_FADED = re.compile(r"([^{};]+)\{[^{}]*\bopacity:\s*0?\.[0-9]")
# What may be seen through: no text that has to be read. Colours are chosen for their contrast, which fading takes back.
FADED = {".btn:disabled", ".picker button:disabled", ".phone-offer span", "to"}


def definitions(folder: Path) -> dict[str, set[str]]:
    """Class → files that style it bare and outside of media queries."""
    found = defaultdict(set)
    for sheet in folder.rglob("*.css"):
        for rule in _RULE.findall(_COMMENT.sub("", sheet.read_text(encoding="utf-8"))):
            for selector in map(str.strip, rule.split(",")):
                if _BARE.fullmatch(selector):
                    found[selector].add(sheet.name)
    return found


@pytest.mark.parametrize("face", ["console", "portal"])
def test_a_class_is_defined_in_one_sheet(face: str) -> None:
    found = definitions(SOURCES / face)
    assert len(found) > 60
    assert {name: sheets for name, sheets in found.items() if len(sheets) > 1} == {}


def test_a_class_defined_twice_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("/* twice */\n.bar, .end { color: red; }\n", encoding="utf-8")
    (tmp_path / "two.css").write_text(".bar { top: 0; }\n@media print {\n  .end { top: 0; }\n}\n", encoding="utf-8")
    assert {name for name, sheets in definitions(tmp_path).items() if len(sheets) > 1} == {".bar"}


def faded(folder: Path) -> set[str]:
    """The selectors of rules that make what they match fainter."""
    sheets = (_COMMENT.sub("", sheet.read_text(encoding="utf-8")) for sheet in folder.rglob("*.css"))
    return {selector.strip() for sheet in sheets for selector in _FADED.findall(sheet)}


def test_no_text_is_made_fainter_than_its_colour(tmp_path: Path) -> None:
    assert faded(SOURCES) == FADED
    (tmp_path / "one.css").write_text(".a { top: 0; }\n.b small { color: inherit; opacity: .85; }\n", encoding="utf-8")
    assert faded(tmp_path) == {".b small"}
