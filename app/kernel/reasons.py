"""Why a ledger moved, as a code with the facts its words name; the words are the edges'.

A code's words stand in the `REASONS` of the package whose act it is: `"purchase": "… {store}"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and what its words name, as it was called at the time."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


def note(text: str) -> Reason:
    """A reason in somebody's own words."""
    return Reason("note", {"text": text})
