"""Which rows of the purchases table are one receipt: lines of one number that stand together or near each other."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.flows.history.files.reading import Row, Table

MOST_LINES = 10_000
MOST_BETWEEN = 10_000  # rows of other receipts between two of its lines

_Key = tuple[str, str]


@dataclass(slots=True)
class Group:
    """Rows that are one receipt, in blocks that stand together. `key` None: not even the number can be read."""

    key: _Key | None
    has_lines: bool = False
    is_too_long: bool = False
    last: int = 0  # which of the file's rows was its last one so far
    count: int = 0
    blocks: list[list[Row]] = field(default_factory=list)

    def add(self, row: Row, place: int, *, is_line: bool) -> None:
        """Put a row behind the others."""
        if not self.blocks or self.last + 1 < place:
            self.blocks.append([])
        self.blocks[-1].append(row)
        self.count += 1
        self.last, self.has_lines = place, self.has_lines or is_line

    @property
    def rows(self) -> list[Row]:
        return [row for block in self.blocks for row in block]

    def is_over(self, place: int) -> bool:
        """Whether no further row belongs here, by how far the file is."""
        return self.last + (MOST_BETWEEN if self.has_lines else 0) < place


def gather(table: Table) -> Iterator[Group]:
    """The rows of each receipt, in the order in which the receipts begin; one of too many lines comes in pieces."""
    if table.index("category_code") is None:
        for row in table.rows():
            yield Group(None, blocks=[[row]])
        return
    gathering = _Gathering(table)
    for place, row in enumerate(table.rows()):
        yield from gathering.take(row, place)
    yield from gathering.waiting


class _Gathering:
    """Receipts of which more rows may come: in a file in the order of time those of several tills take turns."""

    def __init__(self, table: Table) -> None:
        self._names, self._category = table.names, table.index("category_code")
        self._number = table.names.index("source"), table.names.index("receipt_no")
        self._by_key: dict[_Key, Group] = {}
        self._latest = Group(None)
        self.waiting: deque[Group] = deque()

    def take(self, row: Row, place: int) -> Iterator[Group]:
        """Put a row where it belongs; yields what is over by now."""
        key, is_line = self._read(row)
        group = self._find(key, place, is_line=is_line)
        if group is None:
            self.waiting.append(group := Group(key))
            if key is not None:
                self._by_key[key] = group
        group.add(row, place, is_line=is_line)
        self._latest = group
        if group.count > MOST_LINES:
            group.is_too_long = True
            yield replace(group)
            group.blocks, group.count = [], 0
        while self.waiting[0].is_over(place):
            over = self.waiting.popleft()
            if over.key is not None and self._by_key.get(over.key) is over:
                del self._by_key[over.key]
            yield over

    def _read(self, row: Row) -> tuple[_Key | None, bool]:
        """A row's number, None when it cannot be read, and whether it is a line of a receipt."""
        if len(row.cells) != len(self._names):
            return None, False
        source, number = (row.cells[column] for column in self._number)
        return (source, number), self._category is not None and row.cells[self._category] != ""

    def _find(self, key: _Key | None, place: int, *, is_line: bool) -> Group | None:
        """The receipt that a row belongs to; one that cannot be read may be a line of the receipt before it."""
        if key is None:
            return self._latest if self._latest.has_lines else None
        found = self._by_key.get(key)
        if found is None or found.has_lines:
            return found
        return found if is_line and found.last + 1 == place else None
