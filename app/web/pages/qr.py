"""QR codes as crisp pictures for pages."""

import base64
from collections.abc import Iterator, Sequence
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

_BORDER = 2  # modules of quiet around the code


def data_uri(text: str, *, dense: bool = False) -> str:
    """The text as an SVG data URI; dense texts get less redundancy and so larger modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L if dense else ERROR_CORRECT_M, border=_BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    size, path = len(rows), "".join(_row(y, row) for y, row in enumerate(rows))
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 {size} {size}"><path stroke="#000" d="{path}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


def _row(y: int, row: Sequence[bool]) -> str:
    """A row of modules as lines as thick as the row: a sixth of a square for each module, compressed."""
    drawn, end = "", 0
    for x, length in _dark(row):
        drawn += f"M{x} {y}h{length}" if not drawn else f"m{x - end} 0h{length}"
        end = x + length
    return drawn


def _dark(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where runs of dark modules begin, and how long they are."""
    x = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield x, length
        x += length
