"""Where a table's rows live when the database is distributed over machines; each model says it as `__placement__`.

On plain PostgreSQL it changes nothing. `flask db distribute` reads it (docs/scaling.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a table is laid over the machines."""

    MEMBER = "member"  # spread by the member's number: all rows of a member stand on one machine
    DIRECTORY = "directory"  # spread by a key of its own: what is looked up before its member is known
    REFERENCE = "reference"  # a copy on every machine: small, read by everybody, seldom written
    COORDINATOR = "coordinator"  # an ordinary table of the machine that all processes connect to


@dataclass(frozen=True, slots=True)
class Placement:
    """A table's kind, the column it is spread by, and what it must do without when distributed (name → why)."""

    kind: Kind
    key: str | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_spread(self) -> bool:
        """Whether its rows stand on several machines, each row on one of them."""
        return self.key is not None


def by_member(key: str = "member_id", *, left_out: Mapping[str, str] | None = None) -> Placement:
    """A member's rows, beside all others of that member; `key` holds the member's number."""
    return Placement(Kind.MEMBER, key, left_out or {})


def directory(key: str, *, left_out: Mapping[str, str] | None = None) -> Placement:
    """Rows found by `key` alone; they stand on another machine than what they point to."""
    return Placement(Kind.DIRECTORY, key, left_out or {})


def reference(*, left_out: Mapping[str, str] | None = None) -> Placement:
    """The same rows on every machine, so that members' rows can be joined with them and refer to them."""
    return Placement(Kind.REFERENCE, left_out=left_out or {})


def coordinator(*, left_out: Mapping[str, str] | None = None) -> Placement:
    """Rows that belong to no member; they may refer to reference tables and to each other."""
    return Placement(Kind.COORDINATOR, left_out=left_out or {})


# Why something is left out, where several tables share the reason.
OTHER_KEY = "a directory is spread by its own key, so the row it points to may stand on another machine"
FROM_COORDINATOR = "the coordinator's tables cannot refer to rows that are spread over the machines"
TO_COORDINATOR = "a member's row stands on another machine than the coordinator's tables"
NO_TRIGGER = "a spread table has no triggers; it is a second guard behind the verbs, which never change such a row"
