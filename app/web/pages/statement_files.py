"""Statements as files to keep: for finance, and for the merchant."""

from collections.abc import Sequence

from flask import Response

from app.kernel.errors import NotFound
from app.settlement.exports import exports, printed
from app.settlement.statements.queries import NamedStatement
from app.web.pages import pages

_WRITERS = {
    "xlsx": (exports.write_xlsx, exports.XLSX_TYPE),
    "csv": (exports.write_csv, exports.CSV_TYPE),
    "pdf": (printed.write_pdf, printed.PDF_TYPE),
}


def send(named: Sequence[NamedStatement], suffix: str, *, is_chosen: bool = False) -> Response:
    """The statements as one file of that kind, `is_chosen`: some of a month; raises NotFound for no such kind."""
    if suffix not in _WRITERS:
        raise NotFound(suffix=suffix)
    write, mimetype = _WRITERS[suffix]
    name = exports.file_name(named, suffix, is_chosen=is_chosen)
    return pages.download(lambda out: write(named, out), name=name, mimetype=mimetype)
