"""What kinds of cases there are: exported by the packages that raise them, known here by name only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from app.access.audit import Actor
from app.access.models import Role
from app.cases.models import Case
from app.kernel import discovery


class Act(Protocol):
    """What an outcome does for who answers, in the transaction of the answer; its refusals leave the case open."""

    def __call__(self, case: Case, *, by: Actor, now: datetime) -> None: ...


# Looks for what needs a case, raises at most so many, and returns how many it raised.
Raiser = Callable[..., int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """A kind of case: whose team decides, within which time, and what the answer may be (None: it does nothing)."""

    code: str
    role: Role
    within: timedelta
    outcomes: Mapping[str, Act | None]


@cache
def all_kinds() -> Mapping[str, CaseKind]:
    """Every kind by its code: `CASE_KINDS` of the packages' case_kinds.py; raises ExportedTwice."""
    kinds: dict[str, CaseKind] = discovery.merged("CASE_KINDS", named="case_kinds", below=["app"])
    return kinds


@cache
def all_raisers() -> tuple[Raiser, ...]:
    """What looks regularly for something that needs a case: `CASE_RAISERS` of the packages' case_kinds.py."""
    return discovery.listed("CASE_RAISERS", named="case_kinds", below=["app"])
