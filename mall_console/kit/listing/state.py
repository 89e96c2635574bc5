"""What the address asks of a list, and the addresses of the same list asked otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.kernel.lists.keyset import Asked
from mall_console.kit.listing.listing import SIZES, Listing
from mall_console.kit.listing.narrowing import Query
from mall_console.kit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class State:
    """A list's address: its path, and the parameters that the list knows, those that change nothing left out."""

    path: str
    listing: Listing[Any]
    typed: Query

    @classmethod
    def read(cls, workspace: Workspace, path: str, listing: Listing[Any], query: Query) -> "State":
        """What stands in the address."""
        names = [name for one in listing.filters for name in one.names]
        known = MultiDict[str, str]()
        for name in (*listing.kept, *names):
            if query.get(name):
                known[name] = query[name]
        for name, usual in (("sort", listing.sorts[0].key), ("size", str(SIZES[0]))):
            if query.get(name, usual) != usual:
                known[name] = query[name]
        chosen = [one.key for one in listing.shown(workspace, query.getlist("col"))]
        if chosen != [one.key for one in listing.shown(workspace, ())]:
            known.setlist("col", chosen)
        return cls(path, listing, known)

    @property
    def size(self) -> int:
        """How many rows a page has."""
        text = self.typed.get("size", "")
        return int(text) if text in map(str, SIZES) else SIZES[0]

    @property
    def columns(self) -> Sequence[str]:
        """The keys of the columns that were chosen."""
        return self.typed.getlist("col")

    def without(self, *names: str) -> "State":
        """The same list without some of its parameters."""
        kept = [(name, value) for name, value in self.typed.items(multi=True) if name not in names]
        return State(self.path, self.listing, MultiDict(kept))

    def asked(self, cursor: str | None) -> Asked:
        """The rows of a page."""
        return Asked(self.size, cursor, or_first=True)

    def address(self, changes: Mapping[str, str] | None = None, *, without: Sequence[str] = ()) -> str:
        """The same list with some parameters set, others left out."""
        kept = [
            (name, value) for name, value in self.typed.items(multi=True) if name not in {*without, *(changes or {})}
        ]
        text = urlencode([*kept, *(changes or {}).items()])
        return f"{self.path}?{text}" if text else self.path

    @property
    def text(self) -> str:
        """The parameters as the address has them."""
        return self.address().partition("?")[2]

    def fields(self, *, without: Sequence[str] = (), only: Sequence[str] = ()) -> list[tuple[str, str]]:
        """The parameters as hidden fields of a form that brings the others itself; `only` these, when it names any."""
        return [
            (name, value)
            for name, value in self.typed.items(multi=True)
            if name not in without and (not only or name in only)
        ]
