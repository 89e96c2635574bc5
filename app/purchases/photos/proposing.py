"""What stands on a receipt, proposed from the text that a program read on its photograph. Pure; people decide.

Text comes in pieces with the corners of each. Pieces of one printed row are put together, also on a tilted photograph:
a label stands left of its value.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from statistics import median
from typing import Any

Corner = tuple[float, float]

_NUMBER_LABELS = ("小票号", "小票编号", "票号", "单号", "流水号", "交易号", "订单编号", "no")
_SUM_LABELS = ("实付", "实收", "合计", "总计", "应付", "应收", "消费金额", "总额", "金额")
_NO_SUMS = ("找零", "优惠", "折扣", "税")
_NUMBER = r"[:：.#\s]*([A-Za-z0-9][A-Za-z0-9-]{2,31})"
_SUM = re.compile(r"(?<![0-9.:-])([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})\.([0-9]{2})(?![0-9.:])")
_DAY = re.compile(r"(20[0-9]{2})[-/.年](1[0-2]|0?[1-9])[-/.月](3[01]|[12][0-9]|0?[1-9])日?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")
_LEAST_LIKE = 0.72
_TOP = 8  # of the rows: the store's name stands above what was bought


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, with its upper left, upper right, lower right and lower left corner."""

    text: str
    corners: tuple[Corner, Corner, Corner, Corner]

    @property
    def height(self) -> float:
        return self.corners[3][1] - self.corners[0][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What seems to stand on the receipt; None for what was not found. `day` and `time` as forms have them."""

    store_code: str | None = None
    receipt_no: str | None = None
    amount_fen: int | None = None
    day: str | None = None
    time: str | None = None

    def document(self) -> dict[str, Any] | None:
        """As the photograph's row keeps it; None when nothing was found."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        return found or None


def propose(pieces: Sequence[Piece], stores: Mapping[str, str], *, until: date, days: int) -> Proposal:
    """Of stores (names by code) of the mall, and of a day that is at most so many days before `until`."""
    rows = rows_of(pieces)
    day, time = _find_day(rows, until=until, days=days)
    return Proposal(
        store_code=_find_store(rows[:_TOP], stores),
        receipt_no=_find_number(rows),
        amount_fen=_find_sum(rows),
        day=day,
        time=time,
    )


def rows_of(pieces: Sequence[Piece]) -> list[str]:
    """The printed rows from top to bottom, each from left to right, in the usual width of letters."""
    tilt = _tilt_of(pieces)
    placed = sorted((_middle(piece, tilt), piece.corners[0][0], piece) for piece in pieces)
    rows: list[list[tuple[float, float, Piece]]] = []
    for one in placed:
        near = rows and one[0] - rows[-1][0][0] < 0.6 * max(one[2].height, 1.0)
        if near:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [_joined(row) for row in rows]


def _joined(row: Sequence[tuple[float, float, Piece]]) -> str:
    return unicodedata.normalize("NFKC", " ".join(piece.text for _, _, piece in sorted(row, key=lambda one: one[1])))


def _tilt_of(pieces: Sequence[Piece]) -> float:
    """How much lower the right end of a row lies than its left end, for each step to the right."""
    ends = [(one.corners[0], one.corners[1]) for one in pieces if len(one.text) >= 4]
    return median([(right[1] - left[1]) / max(right[0] - left[0], 1.0) for left, right in ends]) if ends else 0.0


def _middle(piece: Piece, tilt: float) -> float:
    left, _, _, below = piece.corners
    return (left[1] + below[1]) / 2 - tilt * left[0]


def _find_number(rows: Sequence[str]) -> str | None:
    for label in _NUMBER_LABELS:
        wanted = re.compile(re.escape(label) + _NUMBER, re.IGNORECASE)
        for row in rows:
            found = wanted.search(row)
            if found is not None and any(letter.isdigit() for letter in found[1]):
                return found[1].strip("-")
    return None


def _find_sum(rows: Sequence[str]) -> int | None:
    """Beside the best label there is, or in the row below it."""
    for label in _SUM_LABELS:
        for place, row in enumerate(rows):
            if label in row and not any(other in row for other in _NO_SUMS):
                found = _SUM.findall(row) or (_SUM.findall(rows[place + 1]) if place + 1 < len(rows) else [])
                if found:
                    return int(found[-1][0].replace(",", "")) * 100 + int(found[-1][1])
    return None


def _find_day(rows: Sequence[str], *, until: date, days: int) -> tuple[str | None, str | None]:
    """The first day that can be claimed, and the time behind it."""
    for row in rows:
        for found in _DAY.finditer(row):
            day = _day_of(found)
            if day is not None and until - timedelta(days=days) <= day <= until:
                time = _TIME.search(row, found.end())
                return day.isoformat(), None if time is None else f"{int(time[1]):02d}:{time[2]}"
    return None, None


def _day_of(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _find_store(rows: Sequence[str], stores: Mapping[str, str]) -> str | None:
    """The one that the head of the receipt names, or is most like; None when two are equally like."""
    heads = [plain for row in rows if len(plain := _plain(row)) >= 2]
    scored = sorted(
        ((max((_likeness(head, _plain(name)) for head in heads), default=0.0), code) for code, name in stores.items()),
        reverse=True,
    )
    if not scored or scored[0][0] < _LEAST_LIKE or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return scored[0][1]


def _likeness(head: str, name: str) -> float:
    """Of a whole name within the row the longer one is the likelier."""
    if len(name) >= 2 and name in head:
        return 1.0 + len(name) / 100
    if len(head) >= 3 and head in name:
        return 0.95
    return SequenceMatcher(None, head, name, autojunk=False).ratio()


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
