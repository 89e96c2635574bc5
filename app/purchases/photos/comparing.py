"""Two photographs laid on each other: whether they are one picture, down to its print.

Receipts of one store look alike from afar, and screenshots of them lie alike to the pixel: what tells them apart is a
few digits. So the inner part of one is searched for in the other, and then compared tile by tile, light and contrast
aside. Where the pixels are too few or too coarse to tell one digit from another, nothing is said to be the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from PIL import Image

from app.purchases.photos.greys import INNER, Box, Greys, box_in_drawn_out, drawn_out, loaded, relief, shorter_side
from app.purchases.photos.prints import View

_FINE, _TILES = 384, 24  # pixels and tiles of a side
_TILE = _FINE // _TILES
# What moves in a step: the part across or down, or one of its sides.
_MOVED = ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
# How finely it is searched, in pixels of a side, with the first and the last step in shares of it. Lines of print are
# so regular that a fine search begun a line away would end there.
_COARSELY, _FINELY, _FINEST = (40, 0.02, 0.004), (128, 0.003, 0.0007), (256, 0.0012, 0.0003)
_COARSER = 4  # times, what is searched coarsely
_TILTED_BY = (-1.2, -0.8, -0.4, 0.4, 0.8, 1.2)  # degrees, around those that were guessed
_LEAST_CONTRAST = 30.0  # variance of greys in a tile on which something stands
_FAINT = 0.25  # of the usual contrast: less is noise
# Of two files of one photograph all tiles correlate nearly as those do that correlate least of a tenth, however coarse
# the files; where one digit is another one, its tile lags behind. Measured: of one photograph 0.003, lighter until its
# whites are lost 0.023, coarse or cut 0.03; of another digit 0.14 and more, coarse or cut 0.055.
_LAG, _LEAST_LAG, _MOST_LAG = 3.0, 0.025, 0.04
_CLEAR = 0.9  # what they must be at least, to tell
_SHARP = 400  # pixels of the shorter side: of fewer, one digit may look like another
# Up to so many tiles differ where a hand or a sticker lies on a tenth of the picture, or a template has other words.
_MOST_OF_ANOTHER = 0.3


@dataclass(frozen=True, slots=True)
class Compared:
    """Which share of the tiles on which something stands differs, and whether digits could be told apart."""

    differing: float
    is_clear: bool = True

    @property
    def is_same(self) -> bool:
        """Whether it is surely one picture."""
        return self.is_clear and self.differing == 0

    @property
    def is_like(self) -> bool:
        """Whether so little differs that somebody should look: covered, changed by hand, or of one template."""
        return self.differing <= _MOST_OF_ANOTHER


class _Place(NamedTuple):
    """A part of the other photograph, as it was turned and tilted, and how it correlates with what is searched for."""

    straight: Image.Image
    box: Box
    correlation: float


def compare(kept: bytes, image: bytes, views: Sequence[View]) -> Compared:
    """A kept photograph with one of which one of the `views` is about its inner part."""
    kept_grey, grey = loaded(kept), loaded(image)
    is_sharp = min(shorter_side(kept), shorter_side(image)) >= _SHARP
    kept_small, small = kept_grey.reduce(_COARSER), grey.reduce(_COARSER)
    begun = [_search(kept_small, _straight(small, view), _start(view), _COARSELY) for view in views]
    nearest, view = max(zip(begun, views, strict=True), key=lambda one: one[0].correlation)
    place = _search(kept_grey, _straight(grey, view), nearest.box, _FINELY)
    found = _differing(kept_grey, place, is_sharp=is_sharp)
    if not found.is_like:
        tilted = [_search(kept_small, _straight(small, view, by), nearest.box, _COARSELY) for by in _TILTED_BY]
        nearest, by = max(zip(tilted, _TILTED_BY, strict=True), key=lambda one: one[0].correlation)
        place = _search(kept_grey, _straight(grey, view, by), nearest.box, _FINELY)
        found = _differing(kept_grey, place, is_sharp=is_sharp)
    if found.is_same or not found.is_like:
        return found
    return _differing(kept_grey, _search(kept_grey, *place[:2], _FINEST), is_sharp=is_sharp)


def _straight(grey: Image.Image, view: View, by: float = 0.0) -> Image.Image:
    upright = grey.rotate(90 * view.turns, expand=True)
    tilt = view.tilt + by
    straight = upright.rotate(tilt, Image.Resampling.BICUBIC) if tilt else upright
    return drawn_out(straight) if view.is_beyond else straight


def _start(view: View) -> Box:
    return box_in_drawn_out(view.box) if view.is_beyond else view.box


def _search(kept: Image.Image, grey: Image.Image, start: Box, how: tuple[int, float, float]) -> _Place:
    """Where the inner part of the kept one lies, by moving it and each of its sides in ever smaller steps."""
    size, step, last = how
    wanted, best = relief(kept, INNER, size), list(start)
    most = _correlation(wanted, relief(grey, start, size))
    while step > last:
        has_moved = False
        for sides, move in product(_MOVED, (step, -step)):
            tried = [min(1.0, max(0.0, at + move * moves)) for at, moves in zip(best, sides, strict=True)]
            found = _correlation(wanted, relief(grey, (tried[0], tried[1], tried[2], tried[3]), size))
            if found > most:
                best, most, has_moved = tried, found, True
        step = step if has_moved else step / 2
    return _Place(grey, (best[0], best[1], best[2], best[3]), most)


def _correlation(one: Greys, other: Greys) -> float:
    return float((one * other).sum() / np.sqrt((one * one).sum() * (other * other).sum() + 1))


def _differing(kept: Image.Image, place: _Place, *, is_sharp: bool) -> Compared:
    """By the tiles on which something stands on either."""
    ones, others = _tiles(relief(kept, INNER, _FINE)), _tiles(relief(place.straight, place.box, _FINE))
    contrast, other_contrast = (ones * ones).mean(1), (others * others).mean(1)
    strongest = np.maximum(contrast, other_contrast)
    has_print = strongest > max(_LEAST_CONTRAST, float(strongest.mean()) * _FAINT)
    if not has_print.any():
        return Compared(0.0, is_clear=False)
    correlations = (ones * others).mean(1) / np.sqrt(contrast * other_contrast + 1)
    told = correlations[has_print]
    usual = max(float(np.quantile(told, 0.1)), _CLEAR)
    equal = usual - min(max(_LAG * (1 - usual), _LEAST_LAG), _MOST_LAG)
    return Compared(float((told < equal).mean()), is_clear=is_sharp)


def _tiles(relief_: Greys) -> Greys:
    count = relief_.shape[0] // _TILE
    tiles: Greys = relief_.reshape(count, _TILE, count, _TILE).swapaxes(1, 2).reshape(-1, _TILE * _TILE)
    return tiles
