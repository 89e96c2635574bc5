"""Two photographs laid on each other: whether they are one picture, down to its print.

Receipts of one store look alike from afar, and screenshots of them lie alike to the pixel: what tells them apart is a
few digits. So the inner part of one is searched for in the other, and then compared tile by tile, light and contrast
aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.purchases.photos.prints import INNER, Box, View

Greys = NDArray[np.float32]

_FINE, _TILES = 384, 24  # pixels and tiles of a side
_TILE = _FINE // _TILES
_AROUND = 16  # such a part of a side is the light around a pixel
_LOADED = 640
# How finely it is searched, in pixels of a side, with the first and the last step in shares of it. Lines of print are
# so regular that a fine search begun a line away would end there.
# What moves in a step: the part across or down, or one of its sides.
_MOVED = ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
_COARSELY, _FINELY = (40, 0.02, 0.004), (128, 0.003, 0.0007)
# A tile that correlates by less differs in any case; else one that lags so far behind the tenth that correlate least.
# Of two files of one photograph all are near them, however coarse; where one digit is another one, its tile is alone.
_EQUAL, _LAG, _SLACK = 0.8, 3.0, 0.04
_LEAST_CONTRAST = 30.0  # variance of greys in a tile on which something stands
_FAINT = 0.25  # of the usual contrast: less is noise
_MOST_OF_ANOTHER = 0.1


@dataclass(frozen=True, slots=True)
class Compared:
    """Which share of the tiles on which something stands differs."""

    differing: float

    @property
    def is_same(self) -> bool:
        """Whether it is one picture."""
        return self.differing == 0

    @property
    def is_like(self) -> bool:
        """Whether so little differs that somebody should look: changed by hand, or printed by one template."""
        return self.differing <= _MOST_OF_ANOTHER


class _Place(NamedTuple):
    """A part of the other photograph, and how it correlates with what is searched for."""

    box: Box
    correlation: float


def compare(kept: bytes, image: bytes, views: Sequence[View]) -> Compared:
    """A kept photograph with one of which one of the `views` is about its inner part."""
    kept_grey, grey = _loaded(kept), _loaded(image)
    turned = {view.turns: grey.rotate(90 * view.turns, expand=True) for view in views}
    begun = [(view.turns, _search(kept_grey, turned[view.turns], view.box, _COARSELY)) for view in views]
    turns, nearest = max(begun, key=lambda one: one[1].correlation)
    box = _search(kept_grey, turned[turns], nearest.box, _FINELY).box
    return Compared(_differing(_relief(kept_grey, INNER, _FINE), _relief(turned[turns], box, _FINE)))


def _loaded(image: bytes) -> Image.Image:
    picture = Image.open(BytesIO(image))
    picture.draft("L", (_LOADED, _LOADED))
    grey = picture.convert("L")
    grey.thumbnail((_LOADED, _LOADED))
    return grey


def _relief(grey: Image.Image, box: Box, side: int) -> Greys:
    """A part without the light that lies on it: what every pixel has above those around it."""
    pixels = (grey.width * box[0], grey.height * box[1], grey.width * box[2], grey.height * box[3])
    greys = np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR, box=pixels), dtype=np.float32)
    around = side // _AROUND | 1
    sums = np.pad(greys, (around // 2 + 1, around // 2), mode="edge").cumsum(0).cumsum(1)
    means = sums[around:, around:] - sums[:-around, around:] - sums[around:, :-around] + sums[:-around, :-around]
    relief: Greys = greys - means[:side, :side] / (around * around)
    return relief


def _search(kept: Image.Image, grey: Image.Image, start: Box, how: tuple[int, float, float]) -> _Place:
    """Where the inner part of the kept one lies, by moving it and each of its sides in ever smaller steps."""
    size, step, last = how
    wanted, best = _relief(kept, INNER, size), list(start)
    most = _correlation(wanted, _relief(grey, start, size))
    while step > last:
        has_moved = False
        for sides, move in product(_MOVED, (step, -step)):
            tried = [min(1.0, max(0.0, at + move * moves)) for at, moves in zip(best, sides, strict=True)]
            found = _correlation(wanted, _relief(grey, (tried[0], tried[1], tried[2], tried[3]), size))
            if found > most:
                best, most, has_moved = tried, found, True
        step = step if has_moved else step / 2
    return _Place((best[0], best[1], best[2], best[3]), most)


def _correlation(one: Greys, other: Greys) -> float:
    return float((one * other).sum() / np.sqrt((one * one).sum() * (other * other).sum() + 1))


def _differing(one: Greys, other: Greys) -> float:
    """The share of tiles that differ, of those on which something stands on either."""
    ones, others = _tiles(one), _tiles(other)
    contrast, other_contrast = (ones * ones).mean(1), (others * others).mean(1)
    strongest = np.maximum(contrast, other_contrast)
    has_print = strongest > max(_LEAST_CONTRAST, float(strongest.mean()) * _FAINT)
    if not has_print.any():
        return 0.0
    correlations = (ones * others).mean(1) / np.sqrt(contrast * other_contrast + 1)
    told = correlations[has_print]
    usual = float(np.quantile(told, 0.1))
    return float((told < max(_EQUAL, 1 - _LAG * (1 - usual) - _SLACK)).mean())


def _tiles(relief: Greys) -> Greys:
    count = relief.shape[0] // _TILE
    tiles: Greys = relief.reshape(count, _TILE, count, _TILE).swapaxes(1, 2).reshape(-1, _TILE * _TILE)
    return tiles
