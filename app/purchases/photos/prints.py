"""How a photograph looks from afar: 256 signs of its coarse shapes, which neither size nor compression changes much.

The signs say which of the lowest frequencies (a cosine transform of 64 × 64 greys) lie above their middle. Pictures of
the same receipt taken twice are far apart (about 100 signs); the same file saved anew, coarser or lighter, is a few
apart. Turned, a photograph has other signs, and cut by a twentieth, too: so of one that comes the signs are made in all
four turns, and of many parts, one of which is nearly the inner part that is kept of every photograph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAME = 6  # signs that may differ between two files of one photograph
ALIKE = 15  # with as many, two are compared; a pair of them surely shares a band
_SIDE, _KEPT, _BANDS = 64, 16, 16
Greys = NDArray[np.uint8]
_WAVES = np.cos(np.pi * (np.arange(_SIDE) + 0.5) * np.arange(_KEPT)[:, None] / _SIDE)

# Left, upper, right and lower side of a part, as shares of the whole.
Box = tuple[float, float, float, float]
CUT = 0.05  # the most that may be missing at a side
WHOLE, INNER = (0.0, 0.0, 1.0, 1.0), (CUT, CUT, 1 - CUT, 1 - CUT)
# How far from the sides the inner part of another photograph may lie in this one: this one is a part of that (the first
# two: cut wholly or not at all, or somewhat), or that of this.
_MARGINS = ((0.0, 0.053), (0.013, 0.039), (0.05, 0.095), (0.061, 0.086))
_FINE_ENOUGH = 256  # pixels of the longer side, of which parts are made

NEAR = 48  # of the signs of two parts as many may differ
_KEYS, _KEY_SIGNS = 48, 26
_MIXED_BY, _APART_BY = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)


@dataclass(frozen=True, slots=True)
class View:
    """A part of a photograph that was turned by so many quarters, and its signs."""

    turns: int
    box: Box
    print: str


@dataclass(frozen=True, slots=True)
class Looks:
    """A photograph (a JPEG) and its signs: of the whole, of its inner part, and as what else it may be known again."""

    image: bytes
    print: str
    inner: str
    turned: Sequence[View]
    parts: Sequence[View]


def looks_of(image: bytes) -> Looks:
    """All signs of an image."""
    grey = Image.open(BytesIO(image)).convert("L")
    whole = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS))
    turned = [View(turns, WHOLE, one) for turns, one in enumerate(_prints([np.rot90(whole, one) for one in range(4)]))]
    grey.thumbnail((_FINE_ENOUGH, _FINE_ENOUGH), Image.Resampling.BILINEAR)
    (inner,) = _prints([_part(grey, INNER)])
    return Looks(image, turned[0].print, inner, turned, [one for turns in range(4) for one in _parts(grey, turns)])


def _parts(grey: Image.Image, turns: int) -> list[View]:
    upright = grey.rotate(90 * turns, expand=True)
    boxes = [box for margins in _MARGINS for box in _boxes(margins)]
    found = _prints([_part(upright, box) for box in boxes])
    return [View(turns, box, one) for box, one in zip(boxes, found, strict=True)]


def _boxes(margins: tuple[float, float]) -> Iterator[Box]:
    for left, upper, right, lower in product(margins, repeat=4):
        yield left, upper, 1 - right, 1 - lower


def _part(grey: Image.Image, box: Box) -> Greys:
    pixels = (grey.width * box[0], grey.height * box[1], grey.width * box[2], grey.height * box[3])
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box=pixels))


def _prints(parts: Sequence[Greys]) -> list[str]:
    """The signs of each, in hexadecimal."""
    waves = _WAVES @ np.stack(parts).astype(np.float64) @ _WAVES.T
    across_first = waves.transpose(0, 2, 1).reshape(len(parts), -1)
    signs = across_first > np.median(across_first, axis=1, keepdims=True)
    return [f"{int.from_bytes(row.tobytes(), 'little'):064x}" for row in np.packbits(signs, axis=1, bitorder="little")]


def bands_of(print_: str) -> list[int]:
    """Pieces of a print with their places: prints that differ in fewer signs than there are bands share one."""
    signs = int(print_, 16)
    return [band << 16 | signs >> (16 * band) & 0xFFFF for band in range(_BANDS)]


def keys_of(print_: str) -> list[int]:
    """Choices of the signs, each with its number mixed in: two parts that lie nearly alike very likely share one.

    A key has 31 bits, because an index holds integers; of those who share one by chance the signs are compared anyway.
    """
    values = _signs(print_)[_CHOICES] @ _POWERS + np.arange(_KEYS, dtype=np.uint64) * _APART_BY
    return [int(key) for key in values * _MIXED_BY >> np.uint64(33)]


def _signs(print_: str) -> NDArray[np.uint64]:
    bits = np.frombuffer(int(print_, 16).to_bytes(_KEPT * _KEPT // 8, "little"), dtype=np.uint8)
    return np.unpackbits(bits, bitorder="little").astype(np.uint64)


def _choice(number: int) -> list[int]:
    """Some of the signs, for ever the same."""
    return sorted(range(_KEPT * _KEPT), key=lambda place: blake2b(f"{number}:{place}".encode()).digest())[:_KEY_SIGNS]


_CHOICES = np.array([_choice(number) for number in range(_KEYS)])
_POWERS = np.uint64(1) << np.arange(_KEY_SIGNS, dtype=np.uint64)


def distance(one: str, other: str) -> int:
    """In how many signs two prints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
