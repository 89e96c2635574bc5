"""The words for why a ledger moved, merged from what every package says of its own acts."""

from collections.abc import Mapping
from typing import Protocol

from app.kernel import discovery

# Words by the reason's code, with its facts in braces.
REASONS: dict[str, str] = discovery.merged("REASONS", named="wording")


class Explained(Protocol):
    """An entry of a ledger, with its reason."""

    @property
    def reason_code(self) -> str: ...

    @property
    def reason_facts(self) -> Mapping[str, str]: ...


def words_of(code: str, facts: Mapping[str, str]) -> str:
    """The Chinese of a reason; raises KeyError for a code that nobody words or a fact that is missing."""
    return REASONS[code].format_map(facts)


def reason_of(entry: Explained) -> str:
    """Why a ledger's entry was made."""
    return words_of(entry.reason_code, entry.reason_facts)
