"""What a file's columns are for us: guessed from its headings, remembered, or said in the form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from app.imports import layouts
from app.imports.models import Import, Kind
from app.kernel.errors import DomainError
from app.kernel.spelling import marks
from app.kernel.spelling.names import spell_text
from app.malls.wording import CATEGORIES
from app.web.forms.forms import FieldInvalid
from mall_console.imports.wording import ALSO, COLUMNS, EXTRA_HEADINGS, NAME_ALSO

MAY_BE_EMPTY = {
    "members": {"name"},
    "purchases": {"card_no", "refund_of"},
    "stores": set[str](),
    "footfall": set[str](),
    "totals": {"till"},
}
MAY_BE_MISSING = {
    "purchases": {"category_code", "line_no", "till"},
    "members": set[str](),
    "stores": set[str](),
    "footfall": {"hour"},
    "totals": {"till"},
}
AMOUNTS = {"yuan": "amount_yuan", "fen": "amount_fen"}
_LONGEST_FIXED = 64
_BRACKETS = re.compile(r"[(\[【<].*?[)\]】>]|[*#:]")  # and the star of what must be filled in
_FEN = re.compile(r"[(\[【<]分[)\]】>]|fen$")


class ColumnsMissing(DomainError):
    """Columns that an import needs stand for nothing in the file. Fact: columns, as people call them."""

    code = "columns_missing"


class ColumnsTwice(DomainError):
    """One column of the file cannot be two of ours. Facts: heading, columns."""

    code = "columns_twice"


@dataclass(slots=True)
class Said:
    """What our columns are in the file: a place among its headings, or a text for every row. `unit` is the amount's."""

    kind: str
    places: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    unit: str = "yuan"

    @property
    def missing(self) -> list[str]:
        """What our columns are called that stand for nothing although they must."""
        return [COLUMNS[self.kind][name] for name in self._missing_names]

    @property
    def _missing_names(self) -> list[str]:
        free = MAY_BE_EMPTY[self.kind] | MAY_BE_MISSING[self.kind]
        said = {*self.places, *(name for name, text in self.fixed.items() if text)}
        return [name for name in COLUMNS[self.kind] if name not in said | free]

    def as_layout(self) -> dict[str, Any]:
        """As it is kept and read, under the names that files have for the command."""
        empty = {name: "" for name in MAY_BE_EMPTY[self.kind] if name not in self.places}
        fixed = empty | {name: text for name, text in self.fixed.items() if name not in self.places and text}
        return {
            "places": {self._name(name): place for name, place in self.places.items()},
            "fixed": {self._name(name): text for name, text in fixed.items()},
            "words": {"category": {label: code for code, label in CATEGORIES.items()}} if self.kind == "stores" else {},
        }

    def as_layout_so_far(self) -> dict[str, Any]:
        """The same before all is said: what is still missing is empty in every row. Good for a preview only."""
        layout = self.as_layout()
        return layout | {"fixed": layout["fixed"] | {self._name(name): "" for name in self._missing_names}}

    def _name(self, name: str) -> str:
        return AMOUNTS[self.unit] if name == "amount" else name

    @classmethod
    def of_layout(cls, kind: str, layout: Mapping[str, Any]) -> "Said":
        """What was kept."""
        names = dict.fromkeys(AMOUNTS.values(), "amount")
        kept = {
            part: {names.get(name, name): value for name, value in layout[part].items()} for part in ("places", "fixed")
        }
        is_fen = AMOUNTS["fen"] in {*layout["places"], *layout["fixed"]}
        return cls(kind, kept["places"], kept["fixed"], "fen" if is_fen else "yuan")


def find(found: Import) -> tuple[Said, str]:
    """What is known of the file's columns, and since when: `said`, `remembered` or `guessed`."""
    if found.layout:
        return Said.of_layout(found.kind, found.layout), "said"
    kept = _remembered(found.mall_id, Kind(found.kind), found.headings)
    if kept is not None:
        return Said.of_layout(found.kind, kept.layout), "remembered"
    return guess(found.kind, found.headings), "guessed"


def options_of(found: Import) -> dict[str, Any]:
    """What is to follow, as it was said for this file or for the last one like it."""
    kept = None if found.options else _remembered(found.mall_id, Kind(found.kind), found.headings)
    return dict(kept.options if kept is not None else found.options)


def _remembered(mall_id: int, kind: Kind, headings: Sequence[str]) -> Any:
    """Of the same headings; a file of rejects that was put right has three more."""
    own = len(EXTRA_HEADINGS)
    is_rejects = tuple(headings[-own:]) == EXTRA_HEADINGS
    kept = layouts.find(mall_id, kind, headings)
    return kept or (layouts.find(mall_id, kind, headings[:-own]) if is_rejects else None)


def guess(kind: str, headings: Sequence[str]) -> Said:
    """By what other systems call the same; each column of the file is used once."""
    said, spelled = Said(kind), [marks.compact(heading).casefold() for heading in headings]
    plain = [_BRACKETS.sub("", heading) for heading in spelled]
    for name in COLUMNS[kind]:
        place = _place_of(kind, name, spelled, plain, taken=set(said.places.values()))
        if place is not None:
            said.places[name] = place
    if "amount" in said.places and _FEN.search(spelled[said.places["amount"]]):
        said.unit = "fen"
    return said


def _place_of(kind: str, name: str, spelled: Sequence[str], plain: Sequence[str], *, taken: set[int]) -> int | None:
    words = (name, *(NAME_ALSO[kind] if name == "name" else ALSO[name]))
    if name == "amount":
        words = (*AMOUNTS.values(), *words)
    for word in words:
        for place in range(len(plain)):
            if marks.compact(word) in (spelled[place], plain[place]) and place not in taken:
                return place
    return None


def read(found: Import) -> Said:
    """What the form says; raises ColumnsMissing and ColumnsTwice."""
    said = Said(found.kind, unit="fen" if request.form.get("unit") == "fen" else "yuan")
    places = {str(place): place for place in range(len(found.headings))}
    for name in COLUMNS[found.kind]:
        place = places.get(request.form.get(f"place_{name}", ""))
        text = _fixed(found.kind, name)
        if place is not None:
            said.places[name] = place
        elif text:
            said.fixed[name] = text
    _ensure_once(said, found.headings)
    if said.missing:
        raise ColumnsMissing(columns="、".join(said.missing))
    return said


def _fixed(kind: str, name: str) -> str:
    """What is said for every row; raises FieldInvalid."""
    text = spell_text(request.form.get(f"fixed_{name}", ""))
    if len(text) > _LONGEST_FIXED:
        problem = f"最多 {_LONGEST_FIXED} 个字"
        raise FieldInvalid(name=f"fixed_{name}", label=COLUMNS[kind][name], problem=problem)
    return text


def _ensure_once(said: Said, headings: Sequence[str]) -> None:
    for place in set(said.places.values()):
        names = [COLUMNS[said.kind][name] for name, other in said.places.items() if other == place]
        if len(names) > 1:
            raise ColumnsTwice(heading=headings[place], columns="、".join(names))


def called(found: Import) -> dict[str, str]:
    """What our columns are called to whoever made the file."""
    said, _ = find(found)
    names = {name: found.headings[place] for name, place in said.places.items() if place < len(found.headings)}
    labels = COLUMNS[found.kind] | names
    return labels | {name: labels["amount"] for name in AMOUNTS.values() if "amount" in labels}
