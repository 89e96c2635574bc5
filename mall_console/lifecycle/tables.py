"""Tables of figures as a file: what the page shows, row by row."""

from collections.abc import Iterable, Sequence
from typing import IO

from flask import Response

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.money import Share
from app.kernel.spelling.spreadsheets import Sheet
from app.web.pages import pages
from mall_console.kit.listing import files
from mall_console.kit.workspace import Workspace

Value = str | int | float | None


def send_csv(
    workspace: Workspace, title: str, *, about: str, heads: Sequence[str], rows: Sequence[Sequence[Value]]
) -> Response:
    """The rows as CSV, written into the audit log; `about` says of which days they are."""
    facts = {"list": title, "of": about, "rows": len(rows), "file": "csv", "narrowed": ""}
    with atomic():
        workspace.record("list.export", "list:lifecycle", now=clock.now(), facts=facts)
    name = files.file_name(title, workspace, "csv", about, at=clock.now())
    return pages.download(lambda out: _write(heads, rows, out), name=name, mimetype=files.TYPES["csv"])


def percent(share: Share | None) -> str:
    """A share as a file has it; nothing where there is none."""
    return "" if share is None else f"{share.bps / 100:.2f}%"


def _write(heads: Sequence[str], rows: Iterable[Sequence[Value]], out: IO[bytes]) -> None:
    with Sheet(out) as sheet:
        sheet.write(heads)
        for row in rows:
            sheet.write(row)
