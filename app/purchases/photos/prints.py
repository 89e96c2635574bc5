"""How a photograph looks from afar: 256 signs of its coarse shapes, which neither size nor compression changes much.

The signs say which of the lowest frequencies (a cosine transform of 64 × 64 greys) lie above their middle. Pictures of
the same receipt taken twice are far apart (about 100 signs); the same file saved anew, coarser or lighter, is a few
apart. Turned, a photograph has other signs, and cut by a twentieth or tilted, too: so of one that comes the signs are
made of many parts in all four turns, one of which is nearly the inner part that is kept of every photograph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.purchases.photos import keys, strips
from app.purchases.photos.greys import CUT, INNER, Box, box_in_drawn_out, drawn_out, loaded
from app.purchases.photos.strips import Strips

_SIDE, _KEPT = 64, 16
SIGNS = _KEPT * _KEPT
NEAR = 48  # of the signs of two parts as many may differ
NONE = "0" * (SIGNS // 4)  # of what came before there were any: half of the signs of any part differ from it
_WAVES = np.cos(np.pi * (np.arange(_SIDE) + 0.5) * np.arange(_KEPT)[:, None] / _SIDE)
_FINE_ENOUGH = 256  # pixels of the longer side, of which parts are made

# How far from the sides the inner part of another photograph may lie in this one: this one is a part of that (the first
# two: cut wholly or not at all, or somewhat), or that of this.
_MARGINS = ((0.0, 0.053), (0.013, 0.039), (0.05, 0.095), (0.061, 0.086))
# By how many degrees it may have been tilted; a degree more or less is near enough.
_TILTS = (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)
# So much may have been cut off one side, or all sides alike, of this one or of that.
_MORE_CUT = (0.075, 0.1, 0.125)
# So many keys are looked up, those that are surest: more find hardly more.
MOST_KEYS, MOST_OTHERS = 2400, 1000


# As much of the left, upper, right and lower side.
_CUTS = [
    sides
    for cut in _MORE_CUT
    for sides in ((cut, 0.0, 0.0, 0.0), (0.0, cut, 0.0, 0.0), (0.0, 0.0, cut, 0.0), (0.0, 0.0, 0.0, cut), (cut,) * 4)
]


@dataclass(frozen=True, slots=True)
class View:
    """A part of a photograph that was turned by so many quarters to the left, and tilted by degrees; its signs.

    A part goes beyond the photograph where that was cut.
    """

    turns: int
    box: Box
    print: str = ""
    tilt: float = 0.0

    @property
    def is_beyond(self) -> bool:
        return min(self.box) < 0 or max(self.box) > 1


@dataclass(frozen=True, slots=True)
class Looks:
    """A photograph (a JPEG) and what is kept of it: `digest` of the file, signs of the inner part, and its strips.

    `turned` are the strips of all its turns, `views` the parts as which it may be known again, `sought` their keys.
    """

    image: bytes
    digest: str
    inner: str
    turned: Sequence[Strips]
    views: Sequence[View]
    sought: Sequence[int]

    @property
    def strips(self) -> Strips:
        return self.turned[0]

    @property
    def keys(self) -> list[int]:
        """By which it is found later."""
        return keys_of(self.inner, self.strips, self.digest)


def keys_of(inner: str | None, strips_: Strips | None, digest: str | None) -> list[int]:
    """By which a photograph is found of which this is kept."""
    found = set[int]()
    if inner is not None:
        found.update(keys.of_print(inner))
    if strips_ is not None:
        found.update(keys.of_strips(strips_))
    if digest is not None:
        found.add(keys.of_file(digest))
    return sorted(found)


def looks_of(image: bytes) -> Looks:
    """All signs of an image."""
    grey = loaded(image)
    turned = [strips.strips_of(_turn(grey, turns)) for turns in range(4)]
    grey.thumbnail((_FINE_ENOUGH, _FINE_ENOUGH), Image.Resampling.BILINEAR)
    upright = [_turn(grey, turns) for turns in range(4)]
    inner = signs_of(_waves([_part(grey, INNER)]))[0]
    parts, others = _parts(upright), [*_tilted(upright), *_cut(upright)]
    waves, other_waves = (_waves([part for _, part in found]) for found in (parts, others))
    views = [
        View(turns, box, print_, tilt)
        for ((turns, box, tilt), _), print_ in zip(
            [*parts, *others], [*signs_of(waves), *signs_of(other_waves)], strict=True
        )
    ]
    digest = blake2b(image, digest_size=16).hexdigest()
    sought = {*keys.surest(waves, MOST_KEYS), *keys.surest(other_waves, MOST_OTHERS), keys.of_file(digest)}
    sought.update(key for one in turned for key in keys.of_strips(one))
    return Looks(image, digest, inner, turned, views, sorted(sought))


# Turns, box and tilt of a part; its greys.
_Part = tuple[tuple[int, Box, float], NDArray[np.uint8]]
_Waves = NDArray[np.float64]


def _parts(upright: Sequence[Image.Image]) -> list[_Part]:
    boxes = [box for margins in _MARGINS for box in _boxes(margins)]
    return [((turns, box, 0.0), _part(upright[turns], box)) for turns in range(4) for box in boxes]


def _boxes(margins: tuple[float, float]) -> Iterator[Box]:
    for left, upper, right, lower in product(margins, repeat=4):
        yield left, upper, 1 - right, 1 - lower


def _tilted(upright: Sequence[Image.Image]) -> Iterator[_Part]:
    """Tilted back around the middle: the inner part as it is, and as it is when the empty corners were cut off."""
    for turns, tilt in product(range(4), _TILTS):
        straight = upright[turns].rotate(tilt, Image.Resampling.BILINEAR)
        for box in (INNER, _uncornered(straight, tilt)):
            yield (turns, box, tilt), _part(straight, box)


def _cut(upright: Sequence[Image.Image]) -> Iterator[_Part]:
    """The inner part of what this was cut from, and of what was cut from this."""
    for turns, grey in enumerate(upright):
        wider = drawn_out(grey)
        for left, upper, right, lower in _CUTS:
            width, height = 1 - left - right, 1 - upper - lower
            of_more = (
                (CUT - left) / width,
                (CUT - upper) / height,
                (1 - CUT - left) / width,
                (1 - CUT - upper) / height,
            )
            of_less = (left + CUT * width, upper + CUT * height, 1 - right - CUT * width, 1 - lower - CUT * height)
            for box in (of_more, of_less):
                yield (turns, box, 0.0), _part(wider, box_in_drawn_out(box))


def _uncornered(picture: Image.Image, tilt: float) -> Box:
    """Where the inner part lies when what was tilted was cut to its largest upright part of the same shape."""
    long = max(picture.size) / min(picture.size)
    margin = 0.5 - (0.5 - CUT) * (cos(radians(tilt)) + abs(sin(radians(tilt))) * long)
    return margin, margin, 1 - margin, 1 - margin


def _turn(grey: Image.Image, turns: int) -> Image.Image:
    return grey.rotate(90 * turns, expand=True)


def _part(grey: Image.Image, box: Box) -> NDArray[np.uint8]:
    pixels = (grey.width * box[0], grey.height * box[1], grey.width * box[2], grey.height * box[3])
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box=pixels))


def _waves(parts: Sequence[NDArray[np.uint8]]) -> _Waves:
    """How much of each frequency is in each part, above the middle of them."""
    found = (_WAVES @ np.stack(parts).astype(np.float64) @ _WAVES.T).transpose(0, 2, 1).reshape(len(parts), -1)
    above: _Waves = found - np.median(found, axis=1, keepdims=True)
    return above


def signs_of(waves: _Waves) -> list[str]:
    """The signs of each, in hexadecimal."""
    rows = np.packbits(waves > 0, axis=1, bitorder="little")
    return [f"{int.from_bytes(row.tobytes(), 'little'):064x}" for row in rows]


def distances(ones: Sequence[str], others: Sequence[str]) -> NDArray[np.int64]:
    """In how many signs each of the first differs from each of the others."""
    found: NDArray[np.int64] = np.bitwise_count(_words(ones)[:, None] ^ _words(others)[None]).sum(2, dtype=np.int64)
    return found


def _words(prints: Sequence[str]) -> NDArray[np.uint64]:
    words = [[int(one[at : at + 16], 16) for at in range(0, 64, 16)] for one in prints]
    return np.array(words, dtype=np.uint64).reshape(len(prints), 4)
