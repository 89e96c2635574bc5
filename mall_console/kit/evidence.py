"""What cases point at, as a page shows it: a name without personal data, and where the thing can be looked at."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from app.cases.models import Case
from mall_console.kit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing's name; `path` comes after the mall's address and is None for who may not open it."""

    name: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page of a kind of case shows beside its question: a template, and what it gets as `panel`."""

    template: str
    read: Callable[[Workspace, Case], object]


# By kind: things that the mall knows, by what stands behind the colon of their subject.
Describe = Callable[[Workspace, Collection[str]], Mapping[str, Shown]]


def describe(
    workspace: Workspace, subjects: Iterable[str], describers: Mapping[str, Describe]
) -> list[tuple[str, Shown]]:
    """Each subject `<kind>:<id>` as (kind, what is shown), with one query per kind; unknown things by their ids."""
    parts = [subject.partition(":")[::2] for subject in subjects]
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, which in parts:
        wanted[kind].append(which)
    found = {kind: describers[kind](workspace, ids) for kind, ids in wanted.items() if kind in describers}
    return [(kind, found.get(kind, {}).get(which) or Shown(which)) for kind, which in parts]
