"""The form for a ladder: a name and a threshold for every tier there is, and lines for more."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.ladders.wording import AT_END
from app.web.forms import fields, forms
from app.web.forms.fields import If, Maybe

MORE = ("more1", "more2")
_NUMBERED = re.compile(r"tier-([0-9]+)")
_LASTING = {"limited": "限期有效，到期评定", "ever": "长期有效，不降级"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: a tier by its code, or an empty one to add."""

    key: str
    name: str = ""
    threshold: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the line is empty."""
        return self.key in MORE


class BaseForm(forms.Form):
    """What every ladder has; from which day on is said when it is published."""

    lasting = fields.Choice("有效方式", _LASTING)
    period_months = If(lasting, "limited", fields.Whole("有效期", least=1, most=ladders.MOST_MONTHS, unit="个月"))
    at_end = If(lasting, "limited", fields.Choice("到期未达标", AT_END))

    def check(self) -> None:
        """Tiers rise, and no two are called the same."""
        wrong = list(self._wrong())
        if wrong:
            raise forms.refusal(wrong)

    def _wrong(self) -> Iterator[forms.FieldInvalid]:
        known: dict[str, int] = {}
        for key in self.keys:
            name, threshold = self.values[f"name_{key}"], self.values[f"at_{key}"]
            if (name is None) != (threshold is None):
                yield self._field(f"name_{key}").refuse("名称和门槛要一起填写")
            elif name in known:
                yield self._field(f"name_{key}").refuse("名称不能重复")
            elif threshold in known.values():
                yield self._field(f"at_{key}").refuse("门槛不能相同")
            elif name is not None:
                known[name] = threshold
        kept = [self.values[f"at_{key}"] for key in self.keys if key not in MORE]
        for key, low, high in zip(self.keys[1:], kept, kept[1:], strict=False):
            if high is not None and low is not None and high < low:
                yield self._field(f"at_{key}").refuse("要高于前一级的门槛")

    keys: Sequence[str] = ()

    def _field(self, name: str) -> forms.Field[Any]:
        return next(one for one in self.fields if one.name == name)

    def ladder(self) -> Ladder:
        """The ladder that was typed."""
        codes = _new_codes()
        rungs = [
            Rung(next(codes) if key in MORE else key, self.values[f"name_{key}"], self.values[f"at_{key}"])
            for key in self.keys
            if self.values[f"name_{key}"]
        ]
        rungs.sort(key=lambda rung: rung.threshold)
        if self.lasting == "ever":
            return Ladder(tuple(rungs))
        return Ladder(tuple(rungs), self.period_months, AtEnd(self.at_end or AtEnd.KEPT))


def form_for(ladder: Ladder) -> type[BaseForm]:
    """The form that changes a ladder: its tiers stay, because members stand on them."""
    more: dict[str, Any] = {"keys": (*(rung.code for rung in ladder.rungs), *MORE)}
    for number, rung in enumerate(ladder.rungs):
        most = 0 if number == 0 else ladders.MOST_THRESHOLD
        more[f"name_{rung.code}"] = fields.Text("名称", most=ladders.LONGEST_NAME)
        more[f"at_{rung.code}"] = fields.Whole("成长值门槛", least=min(number, 1), most=most)
    for key in MORE:
        more[f"name_{key}"] = Maybe(fields.Text("新增等级", most=ladders.LONGEST_NAME))
        more[f"at_{key}"] = Maybe(fields.Whole("成长值门槛", least=1, most=ladders.MOST_THRESHOLD))
    return type("LadderForm", (BaseForm,), more)


def rows_of(latest: Ladder, shown: Ladder) -> list[Row]:
    """The form's lines for a ladder: the tiers there are, then what it has more, and empty lines."""
    told = {rung.code: Row(rung.code, rung.name, str(rung.threshold)) for rung in shown.rungs}
    kept = [told.get(rung.code, Row(rung.code, rung.name, str(rung.threshold))) for rung in latest.rungs]
    added = [row for code, row in told.items() if code not in {rung.code for rung in latest.rungs}]
    spare = [*added, *(Row("") for _ in MORE)]
    return [*kept, *(replace(row, key=key) for key, row in zip(MORE, spare, strict=False))]


def _new_codes() -> Iterator[str]:
    """Codes that no ladder has had."""
    used = {rung.code for one in ladders.list_dated() for rung in one.ladder.rungs}
    taken = [int(found[1]) for code in used if (found := _NUMBERED.fullmatch(code))]
    number = max(taken, default=0)
    while True:
        number += 1
        yield f"tier-{number}"
