"""A list's page: all of it, only its list for htmx, or its rows as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.kernel.lists.totals import Totals
from app.web.pages import pages
from mall_console.kit.listing import batch, files
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import SIZES, About, Act, Column, Listing, Sort, Wanted
from mall_console.kit.listing.narrowing import Choice
from mall_console.kit.listing.state import State
from mall_console.kit.workspace import Workspace

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown: its cells in the columns' order, where it leads, and its key for acts."""

    cells: Sequence[Cell]
    href: str
    key: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything that the template shows of a list.

    `chips` are what it is narrowed by, each with the address without it.
    """

    listing: Listing[Any]
    workspace: Workspace
    state: State
    columns: Sequence[Column[Any]]
    lines: Sequence[Line]
    totals: Totals | None
    sort: Sort
    following: str | None
    chips: Sequence[tuple[str, str]]
    about: About | None = None

    def options(self, choice: Choice) -> Mapping[str, str]:
        """What a choice offers in this list: code → words."""
        words = choice.options(self.workspace)
        offered = self.about.offered.get(choice.name) if self.about else None
        return words if offered is None else {code: told for code, told in words.items() if code in offered}

    @property
    def nothing_here(self) -> str:
        """What a list says that is empty as a link leads to it, which nobody has narrowed themselves."""
        return self.listing.nothing_for.get(self.state.text, "")

    @property
    def unnarrowed(self) -> str:
        """The address of the list with nothing left out."""
        return self.state.address(without=[name for one in self.listing.filters for name in one.names])

    @property
    def sums(self) -> Sequence[tuple[str, str]]:
        """What all rows add up to, in words; nothing when they were not all counted."""
        known = self.listing.sums is not None and self.totals is not None and self.totals.sums is not None
        return self.listing.sums(self.totals.sums) if known else ()  # type: ignore[misc, union-attr, arg-type]

    @property
    def sizes(self) -> Sequence[int]:
        return SIZES

    @property
    def open_columns(self) -> list[Column[Any]]:
        """The columns that the person may choose."""
        return self.listing.open_to(self.workspace)

    @property
    def acts(self) -> list[Act]:
        """What the person may do to several rows."""
        return [act for act in self.listing.acts if self.workspace.can(act.permission)]

    @property
    def most_ticked(self) -> int:
        """On how many rows one act is done."""
        return self.listing.most_ticked or batch.MOST_ROWS

    @property
    def is_sort_refused(self) -> bool:
        """Whether the list is too long for the sort that was asked for."""
        return self.listing.is_short_sort(self.state.typed) and not self.sort.is_short

    @property
    def can_export(self) -> bool:
        """Whether the rows are few enough for a file that the answer waits for."""
        return self.totals is not None and self.totals.is_all and self.totals.count <= files.MOST_ROWS

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of files, in words."""
        return files.KINDS

    @property
    def most_exported(self) -> int:
        return files.MOST_ROWS

    def sorted_by(self, column: Column[Any]) -> tuple[str, str] | None:
        """Where a column's head leads, and how the list is sorted by it now; None for one that nobody sorts by."""
        keys = {one.key for one in self.listing.sorts if not one.is_short or (self.totals and self.totals.is_all)}
        ways = [way for way in (f"-{column.sort}", column.sort) if column.sort and way in keys]
        if not ways:
            return None
        now = self.sort.key if self.sort.key in ways else ""
        following = ways[(ways.index(now) + 1) % len(ways)] if now else ways[0]
        how = {"": "none", f"-{column.sort}": "descending", column.sort: "ascending"}[now]
        return self.state.address({"sort": following}), how


def page(
    listing: Listing[R], workspace: Workspace, template: str, *, key: str | None = None, **shown: Any
) -> ResponseReturnValue:
    """The page `console/<template>.html` with its `listed`; its list alone for htmx; a file for `?export=csv|xlsx`.

    `key` is what the address's path calls the thing that the list is about.
    """
    part = part_of(listing, workspace, key=key)
    return part or render_template(f"console/{template}.html", listed=listed(listing, workspace, key=key), **shown)


def part_of(listing: Listing[R], workspace: Workspace, *, key: str | None = None) -> ResponseReturnValue | None:
    """The list alone for htmx, or a file; None when all of the page is asked for."""
    about = listing.find(workspace, key)
    state = State.read(workspace, request.path, listing, MultiDict(request.args))
    if request.args.get("export"):
        return files.download(listing, workspace, state, request.args["export"], about=about)
    if not pages.is_part():
        return None
    cursor = request.args.get("cursor")
    return _part(read(listing, workspace, state, about=about, cursor=cursor), is_first=not cursor)


def listed(listing: Listing[Any], workspace: Workspace, *, key: str | None = None, path: str | None = None) -> Listed:
    """What the address asks for, for the template; `path` where the list has another address than the page."""
    state = State.read(workspace, path or request.path, listing, MultiDict(request.args))
    return read(listing, workspace, state, about=listing.find(workspace, key), cursor=request.args.get("cursor"))


def read(
    listing: Listing[R],
    workspace: Workspace,
    state: State,
    *,
    about: About | None = None,
    cursor: str | None = None,
) -> Listed:
    """A page of the list, as it is shown."""
    where = listing.where(workspace, state.typed, about)
    counts = not (cursor and pages.is_part()) or listing.is_short_sort(state.typed)
    totals = listing.count(where) if counts else None
    sort = listing.sort(state.typed, totals)
    found = listing.read(workspace, Wanted(where, sort.order, state.asked(cursor), about, state.typed))
    columns = listing.shown(workspace, state.columns)
    return Listed(
        listing=listing,
        workspace=workspace,
        state=state,
        columns=columns,
        lines=[_line(listing, workspace, columns, row) for row in found],
        totals=totals,
        sort=sort,
        following=state.address({"cursor": found.next}) if found.next else None,
        chips=_chips(listing, workspace, state),
        about=about,
    )


def _chips(listing: Listing[Any], workspace: Workspace, state: State) -> list[tuple[str, str]]:
    found = [chip for one in listing.filters for chip in one.chips(workspace, state.typed)]
    return [(chip.text, state.address(without=chip.names)) for chip in found]


def _line(listing: Listing[R], workspace: Workspace, columns: Sequence[Column[R]], row: R) -> Line:
    cells = [column.cell(workspace, row) for column in columns]
    href = listing.link(workspace, row) if listing.link else ""
    return Line(cells, href, listing.key(row) if listing.key else "")


def _part(listed: Listed, *, is_first: bool) -> Response:
    response = make_response(render_template("console/_listing_part.html", listed=listed))
    if is_first:  # the browser shows the address without what changes nothing
        response.headers["HX-Push-Url"] = listed.state.address()
    return response
