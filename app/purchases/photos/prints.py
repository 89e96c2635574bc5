"""How a photograph looks from afar: 256 signs of its coarse shapes, which neither size nor compression changes much.

The signs say which of the lowest frequencies (a cosine transform of 64 × 64 greys) lie above their middle. Written by
hand because the libraries that do it load numerical packages of 60 MB into every web process. Pictures of the same
receipt taken twice are far apart (about 100 signs); the same file saved anew, coarser or lighter, is a few apart.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from math import cos, pi
from statistics import median

from PIL import Image

SAME = 6  # signs that may differ between two files of one photograph
ALIKE = 15  # with as many, people are told; a pair of them surely shares a band
_SIDE, _KEPT, _BANDS = 64, 16, 16


def print_of(image: bytes) -> str:
    """The signs of an image, in hexadecimal."""
    grey = Image.open(BytesIO(image)).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).tobytes()
    rows = [_low(grey[start : start + _SIDE]) for start in range(0, len(grey), _SIDE)]
    columns = [_low(column) for column in zip(*rows, strict=True)]
    signs = [value for column in columns for value in column]
    middle = median(signs)
    return f"{sum(1 << place for place, value in enumerate(signs) if value > middle):064x}"


def _low(values: Sequence[float]) -> list[float]:
    return [sum(map(float.__mul__, wave, map(float, values))) for wave in _waves()]


@cache
def _waves() -> list[list[float]]:
    return [[cos(pi * (place + 0.5) * wave / _SIDE) for place in range(_SIDE)] for wave in range(_KEPT)]


def bands_of(print_: str) -> list[int]:
    """Pieces of a print with their places: prints that differ in fewer signs than there are bands share one."""
    signs = int(print_, 16)
    return [band << 16 | signs >> (16 * band) & 0xFFFF for band in range(_BANDS)]


def distance(one: str, other: str) -> int:
    """In how many signs two prints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
