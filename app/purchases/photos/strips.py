"""A photograph in 24 strips from side to side, each with 31 signs of its own.

A finger or a sticker changes the strips that it covers and leaves the others as they are; and where receipts of one
template lie alike from afar, the strip with the number or the time tells them apart. Saved anew a strip differs in none
or one of its signs. Cut or tilted the strips are others: for that there are prints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.purchases.photos.greys import WHOLE, relief

COUNT, SIGNS = 24, 31
NEAR = 5  # signs of a strip that may differ
_LEAST_NEAR = 3  # of a photograph are enough that somebody should look
_SIDE, _COARSER = 384, 2
_PIXELS = (_SIDE // _COARSER) ** 2 // COUNT
_LEAST_CONTRAST, _FAINT = 15.0, 0.25  # variance of greys in a strip on which something stands; of the usual one

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
_NOTHING = -1
# The signs of each strip as a number; None where nothing stands.
Strips = Sequence[int | None]
NONE: Strips = (None,) * COUNT


def _ways() -> NDArray[np.float32]:
    """How the pixels of a strip are added up for each sign, for ever the same."""
    bits = np.frombuffer(shake_256(b"strips").digest(_PIXELS * SIGNS // 8), dtype=np.uint8)
    return np.unpackbits(bits).reshape(_PIXELS, SIGNS).astype(np.float32) * 2 - 1


_WAYS, _POWERS = _ways(), 1 << np.arange(SIGNS)


def strips_of(grey: Image.Image) -> Strips:
    """The strips of a photograph, from above."""
    side = _SIDE // _COARSER
    fine = relief(grey, WHOLE, _SIDE).reshape(side, _COARSER, side, _COARSER).mean((1, 3)).reshape(COUNT, _PIXELS)
    contrast = (fine * fine).mean(1)
    has_print = contrast > max(_LEAST_CONTRAST, float(contrast.mean()) * _FAINT)
    signs = (fine @ _WAYS > 0) @ _POWERS
    return [int(sign) if stands else None for sign, stands in zip(signs, has_print, strict=True)]


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How many strips of two photographs are nearly the same, and which share differs of all signs they both have."""

    near: Counts
    differing: Shares

    @property
    def is_like(self) -> NDArray[np.bool_]:
        """Whether somebody should look at both."""
        return np.greater_equal(self.near, _LEAST_NEAR)


def resemblance(ones: Sequence[Strips], others: Sequence[Strips]) -> Resemblance:
    """Of each of the first (rows) and each of the others (columns), by the strips on which both show something."""
    one, other = _array(ones)[:, None], _array(others)[None]
    are_both = (one >= 0) & (other >= 0)
    apart = np.bitwise_count(one ^ other) * are_both
    differing = apart.sum(2) / np.maximum(1, SIGNS * are_both.sum(2))
    return Resemblance(((apart <= NEAR) & are_both).sum(2), np.where(are_both.any(2), differing, 1.0))


def _array(of: Sequence[Strips]) -> Counts:
    rows = [[_NOTHING if signs is None else signs for signs in one] for one in of]
    return np.array(rows, dtype=np.int64).reshape(len(of), COUNT)
