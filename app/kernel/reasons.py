"""Why a ledger moved, as a code with the facts its words name; the words are the edges'.

A code's words stand in the `REASONS` of the package whose act it is: `"purchase": "… {store}"`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and what its words name, as it was called at the time."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def kept(cls, code: str, facts: Mapping[str, str]) -> "Reason":
        """As a row has kept it."""
        return cls(code, facts)

    def as_columns(self) -> tuple[str, str]:
        """The code, and the facts as JSON, for COPY: of the many entries of an import only few reasons differ."""
        return self.code, _as_json(tuple(self.facts.items()))


@lru_cache(maxsize=1024)
def _as_json(facts: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(facts), ensure_ascii=False)


def note(text: str) -> Reason:
    """A reason in somebody's own words."""
    return Reason("note", {"text": text})
