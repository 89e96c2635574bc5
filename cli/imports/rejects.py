"""The rejects file: every row that was not imported, as it stood, with its line number and the reason; and the notes
file, of the same form, about rows of which not everything was kept.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.flows.history.files.parsing import PURCHASES
from app.flows.history.files.reading import Row
from app.flows.history.files.wording import explain
from app.kernel.errors import DomainError
from app.kernel.spelling.spreadsheets import Sheet

EXTRA = ("reject_line", "reject_reason")
REJECTS, NOTES = "rejects", "notes"


class Rejects:
    """`FILE.rejects.csv` or `FILE.notes.csv` beside the file, there only if it has rows; an older one is replaced.

    Spreadsheets open it, and take no cell for a formula; put right, it can be imported as it is.
    """

    def __init__(self, source: Path, names: Sequence[str], kind: str = REJECTS) -> None:
        self.path = source.with_name(f"{source.name}.{kind}.csv")
        self.count = 0
        self._names = [name for name in names if name and name not in EXTRA]
        self._kept = [position for position, name in enumerate(names) if name and name not in EXTRA]
        self._called = {column: name for column, name in PURCHASES.instead.items() if name in names}
        self._file: BinaryIO | None = None
        self._sheet: Sheet | None = None

    def __enter__(self) -> "Rejects":
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None and self._sheet is not None:
            self._sheet.close()
            self._file.close()

    def add(self, row: Row, error: DomainError) -> None:
        """Note a row; cells that the header has no name for are kept together in the last one."""
        if self._sheet is None:
            self._file = self.path.open("wb")
            self._sheet = Sheet(self._file)
            self._sheet.write([*self._names, *EXTRA])
        cells = list(row.cells)
        if len(cells) > self._kept[-1] + 1 and row.error is not None:
            cells[self._kept[-1] :] = [",".join(cells[self._kept[-1] :])]
        kept = [cells[position] if position < len(cells) else "" for position in self._kept]
        self._sheet.write([*kept, row.number, explain(error.code, error.facts, self._called)])
        self.count += 1
