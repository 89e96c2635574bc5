"""The console's menu: every subject brings its entries, the page shows those that the person may open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from markupsafe import Markup

from mall_console.kit.workspace import Workspace


class Group(Enum):
    """The groups in the order of the menu, each with its heading; the first stands above all headings."""

    TODAY = None
    MEMBERS = "会员运营"
    TRADE = "交易"
    MONEY = "财务"
    ADMINISTRATION = "管理"


_ORDER = {group: number for number, group in enumerate(Group)}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu. `path` comes after the mall's address, `position` counts within the group.

    `icon` names a drawing of the kit, or one of its own: `drawing` then holds the SVG's shapes on a field of 24 by 24.
    """

    label: str
    path: str
    permission: str
    icon: str
    group: Group
    position: int
    drawing: Markup | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """All entries in the order of the menu."""

    entries: tuple[MenuEntry, ...]

    @classmethod
    def of(cls, entries: Iterable[MenuEntry]) -> "Menu":
        """Raises ValueError when two entries claim one place or one address."""
        ordered = tuple(sorted(entries, key=lambda entry: (_ORDER[entry.group], entry.position)))
        for one, following in zip(ordered, ordered[1:], strict=False):
            if (one.group, one.position) == (following.group, following.position):
                raise ValueError(f"{one.label} and {following.label} claim the same place in the menu")
        if len({entry.path for entry in ordered}) < len(ordered):
            raise ValueError("two entries of the menu lead to one address")
        return cls(ordered)

    def find_here(self, path: str) -> MenuEntry | None:
        """The entry that a page belongs to, by what comes after the mall's address: of several the most exact."""
        own = [one for one in self.entries if path == one.path or (one.path and path.startswith(f"{one.path}/"))]
        return max(own, key=lambda entry: len(entry.path), default=None)

    def groups(self, workspace: Workspace) -> Iterator[tuple[str | None, list[MenuEntry]]]:
        """Headings, each with the entries that the person may open; a group without any is left out."""
        open_to = [entry for entry in self.entries if workspace.can(entry.permission)]
        for group, entries in groupby(open_to, key=lambda entry: entry.group):
            yield group.value, list(entries)
