"""Reading what a page shows, whatever its markup: cells of tables and lists of facts, in their order."""

import re
from html.parser import HTMLParser

_MORE = re.compile(r'class="more-row".*?href="([^"]+)"', re.S)
_CELLS = frozenset({"td", "th", "dt", "dd"})
_GROUPS = frozenset({"tr", "dl"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _GROUPS:
            self.rows.append([])
        elif tag in _CELLS and dict(attrs).get("class") != "tick":  # one that only chooses the row says nothing
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS and self._cell is not None:
            self.rows[-1].append(" ".join(" ".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def read_page(html: str) -> list[list[str]]:
    """The cells of every row of the page's tables, and the words of every list of facts."""
    reader = _Reader()
    reader.feed(html)
    return [row for row in reader.rows if any(row)]


def find_more(html: str) -> str | None:
    """The address of the rows behind the last one shown."""
    found = _MORE.search(html)
    return found[1].replace("&amp;", "&") if found else None
