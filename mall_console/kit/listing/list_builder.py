"""A list as a file that a worker makes: what the person could see then, with the columns that they chose."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from app.access import staff_queries
from app.access.list_files.models import ListFile
from app.kernel import clock
from mall_console.kit import workspace as workspaces
from mall_console.kit.listing import files, known
from mall_console.kit.listing.cells import Value
from mall_console.kit.listing.errors import ListTooLong
from mall_console.kit.listing.state import State

MOST_ROWS = 300_000


def build(asked: ListFile, out: IO[bytes]) -> int:
    """Write the rows; raises Forbidden when the person may not see them any more, SearchExpired and ListTooLong."""
    workspace = workspaces.away(staff_queries.away(asked.staff_id, now=clock.now()), asked.mall_id)
    source = known.find_source(asked.listing)
    if source is not None:
        workspace.ensure(source.permission)
        return source.write(workspace, asked.about or "", out)
    listing = known.get(asked.listing)
    workspace.ensure(listing.permission)
    state = State.read(workspace, "", listing, MultiDict(parse_qsl(asked.query)))
    listing.ensure_readable(state.typed)
    about = listing.find(workspace, asked.about)
    where = listing.where(workspace, state.typed, about)
    rows = _Counted(files.list_values(listing, workspace, state, where, about))
    files.write(asked.kind, files.columns_of(listing, workspace, state), rows, out)
    return rows.number


class _Counted:
    """Rows that are counted as they pass; raises ListTooLong."""

    def __init__(self, rows: Iterator[list[Value]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[list[Value]]:
        for row in self._rows:
            self.number += 1
            if self.number > MOST_ROWS:
                raise ListTooLong(most=MOST_ROWS)
            yield row


LIST_BUILDERS = (build,)
