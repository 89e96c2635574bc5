"""CSV for people: UTF-8 with a byte order mark, and no text that a spreadsheet would take for a formula.

Every CSV file that we write for people is written here, or, where rows stream from the database, by its FORMULA.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import IO

MARK = "\ufeff"
# What a spreadsheet would take for the beginning of a formula, after blanks, in half and full width; PostgreSQL's, too.
FORMULA = r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"
_FORMULA = re.compile(FORMULA)


def guarded(text: str) -> str:
    """The text behind an apostrophe where it looks like a formula; reading a file takes the apostrophe off again."""
    return f"'{text}" if _FORMULA.match(text) else text


class Sheet:
    """A CSV file that is being written into `out`, which stays open and is its owner's. Close it by `with`."""

    def __init__(self, out: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        self._text.write(MARK)
        self._writer = csv.writer(self._text)

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hand `out` back, with everything that was written."""
        self._text.detach()

    def write(self, values: Iterable[object]) -> None:
        """Add a row: numbers and days as they are, nothing for None, text guarded."""
        self._writer.writerow([guarded(value) if isinstance(value, str) else value for value in values])
