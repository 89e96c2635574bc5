"""A photograph in greys, and a part of it without the light that lies on it."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Greys = NDArray[np.float32]

# Left, upper, right and lower side of a part, as shares of the whole.
Box = tuple[float, float, float, float]
CUT = 0.05  # of each side; what is left of a photograph is its inner part
WHOLE, INNER = (0.0, 0.0, 1.0, 1.0), (CUT, CUT, 1 - CUT, 1 - CUT)

_LOADED = 640
_BEYOND = 0.15  # of a side
_AROUND = 16  # such a part of a side is the light around a pixel


def loaded(image: bytes) -> Image.Image:
    """A JPEG as fine as it is needed."""
    picture = Image.open(BytesIO(image))
    picture.draft("L", (_LOADED, _LOADED))
    grey = picture.convert("L")
    grey.thumbnail((_LOADED, _LOADED))
    return grey


def shorter_side(image: bytes) -> int:
    """Of a JPEG, in pixels."""
    return min(Image.open(BytesIO(image)).size)


def drawn_out(grey: Image.Image) -> Image.Image:
    """With as much on each side as `_BEYOND` says, of what stands at its edge: nearly what was cut off, on most."""
    across, down = round(grey.width * _BEYOND), round(grey.height * _BEYOND)
    return Image.fromarray(np.pad(np.asarray(grey), ((down, down), (across, across)), mode="edge"))


def box_in_drawn_out(box: Box) -> Box:
    """Where a part of a photograph lies in the one that is drawn out."""
    left, upper, right, lower = ((at + _BEYOND) / (1 + 2 * _BEYOND) for at in box)
    return left, upper, right, lower


def relief(grey: Image.Image, box: Box, side: int) -> Greys:
    """A part without its light: what every pixel has above those around it."""
    pixels = (grey.width * box[0], grey.height * box[1], grey.width * box[2], grey.height * box[3])
    greys = np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR, box=pixels), dtype=np.float32)
    around = side // _AROUND | 1
    sums = np.pad(greys, (around // 2 + 1, around // 2), mode="edge").cumsum(0).cumsum(1)
    means = sums[around:, around:] - sums[:-around, around:] - sums[around:, :-around] + sums[:-around, :-around]
    found: Greys = greys - means[:side, :side] / (around * around)
    return found
