"""Finding one thing by what somebody has of it, in every mall where they may see its kind.

A subject exports `LOOKUPS` from its `lookups.py`; one field in the menu asks all of them. What lies in other malls is
not found, as if it were not there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from app.access.scopes import Place
from app.verification import throttle
from mall_console.kit.workspace import Workspace, WorkspaceMall

PER_MINUTE = 30


@dataclass(frozen=True, slots=True)
class Reach:
    """The malls, by id, in which somebody may see a kind of thing; the one in hand first."""

    malls: Mapping[int, WorkspaceMall]

    def holds(self, mall_id: Any) -> ColumnElement[bool]:
        """The condition that a row lies in one of them."""
        found: ColumnElement[bool] = mall_id.in_(sorted(self.malls))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that was found. `path` comes after its mall's address; `subject` is what the audit log says of it."""

    name: str
    told: str
    mall: WorkspaceMall
    path: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Finds things of a kind by the whole of what they are known by; `what` names the kind, `by` says by what."""

    code: str
    what: str
    by: str
    permission: str
    find: Callable[[Reach, str], Sequence[Hit]]


def reach(workspace: Workspace, permission: str) -> Reach:
    """Where the person holds the permission, among the malls they work in."""
    ordered = sorted(workspace.malls, key=lambda mall: mall.id != workspace.mall.id)
    held = [mall for mall in ordered if workspace.who.scope.permits(permission, Place(mall_id=mall.id))]
    return Reach({mall.id: mall for mall in held})


def count(workspace: Workspace, *, now: datetime) -> None:
    """Count one look-up of the person; raises Throttled when there were too many in this minute."""
    throttle.count_attempt(f"member_search:{workspace.who.caller}", limit=PER_MINUTE, window_s=60, now=now)
