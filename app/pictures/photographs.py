"""Photographs that are read, not shown off: drawn anew in one size, sharp enough for small print, and nothing else."""

from io import BytesIO

from PIL import Image

from app.pictures import rendering
from app.pictures.errors import PictureTooSmall

MEDIA_TYPE = "image/jpeg"  # every phone shows one that is part of a text, which not every phone does with WebP
LEAST_SIDE = 240
_MOST_SIDE = 4096
_MOST_PIXELS = 2_000_000
_QUALITIES = (76, 62, 48, 34)
_BUDGET = 600 * 1024


def draw(file: bytes) -> bytes:
    """The file's pixels, upright, as a JPEG without anything beside them.

    Raises PictureUnreadable, PictureTooLarge and PictureTooSmall.
    """
    with rendering.reading():
        found = rendering.opened(file)
        if min(found.size) < LEAST_SIDE:
            raise PictureTooSmall(width=LEAST_SIDE, height=LEAST_SIDE)
        coarser = max(1, int((found.width * found.height / (4 * _MOST_PIXELS)) ** 0.5))
        picture = rendering.on_white(rendering.unpacked(found, times_coarser=coarser))
    return _as_jpeg(_sized(picture))


def _sized(picture: Image.Image) -> Image.Image:
    scale = min(1.0, _MOST_SIDE / max(picture.size), (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture if scale == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)


def _as_jpeg(picture: Image.Image) -> bytes:
    """As good as its weight allows."""
    for quality in _QUALITIES:
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= _BUDGET:
            break
    return out.getvalue()
