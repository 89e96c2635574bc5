"""Settings that are numbers, each a field of a form: how they are written, and by which of them two versions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.web.forms import written
from app.web.forms.forms import Field

N = TypeVar("N")

# What is told of a number that may be left out.
_OFF = "不启用"


@dataclass(frozen=True, slots=True)
class Numbers(Generic[N]):
    """The form's fields, by the names of the numbers, and the numbers that hold before any were set.

    What ends in `_bps` or `_fen` is written in hundredths.
    """

    fields: Mapping[str, Field[Any]]
    default: N

    def written(self, by: N) -> dict[str, str]:
        """As the form's fields write them; empty for one that is left out."""
        return {name: self._written(name, getattr(by, name)) for name in self.fields}

    def facts(self, by: N) -> dict[str, int | None]:
        """Those that differ from the default ones, for the audit log."""
        found = {name: getattr(by, name) for name in self.fields}
        return {name: value for name, value in found.items() if value != getattr(self.default, name)}

    def changes(self, old: N, new: N) -> list[tuple[str, str, str]]:
        """Those that differ: what each is called, and both with their units."""
        before, after = self.written(old), self.written(new)
        return [
            (field.label, _with_unit(before[name], field.unit), _with_unit(after[name], field.unit))
            for name, field in self.fields.items()
            if before[name] != after[name]
        ]

    @staticmethod
    def _written(name: str, value: int | None) -> str:
        if value is None:
            return ""
        return written.decimal_text(value) if name.endswith(("_bps", "_fen")) else str(value)


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}" if text else _OFF
