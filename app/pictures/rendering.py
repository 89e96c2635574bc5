"""A file that somebody uploaded as the picture it is to be: decoded, turned upright, cropped, drawn anew in each size.

Nothing of the file survives but its pixels: no metadata, no second frame, nothing behind the picture's end.
"""

import hashlib
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageOps
from PIL.ImageFile import ImageFile

from app.pictures.errors import PictureTooLarge, PictureTooSmall, PictureUnreadable

READ = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
_WHITE = (255, 255, 255)
MEDIA_TYPE = "image/webp"  # half the weight of JPEG or PNG; every WeChat of the last years shows it
_QUALITIES = (80, 70, 58, 46, 34)
# Wide ones are shown by screens with two or three points to a pixel, which hide what a strong compression does.
_WIDE, _QUALITIES_OF_WIDE = 600, (40, 34, 28)
_EFFORT = 6  # the most that the encoder takes: drawn once, sent often
_FINER = 2  # what is drawn from is so many times wider than the widest that is drawn: nobody sees that it was coarsened
_LYING = (5, 6, 7, 8)  # orientations with width and height exchanged
_BUDGET = 160 * 1024  # of one size: a page shows several, over a mobile network


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture of one place is shown: the widths it is served in, the ratio it is cropped to (None = as it is).

    A `cut_out` picture keeps its transparent ground.
    """

    widths: tuple[int, ...]
    ratio: tuple[int, int] | None
    least_width: int
    cut_out: bool = False


LOGO = Frame((96, 192, 384), None, least_width=96, cut_out=True)
COVER = Frame((480, 720, 960), (4, 3), least_width=480)
CARD = Frame((480, 960), (5, 2), least_width=480)
STORE_LOGO = Frame((96, 192), (1, 1), least_width=96)
PICTURE = Frame((240, 480, 960), (4, 3), least_width=320)
WIDTHS = frozenset(width for frame in (LOGO, COVER, CARD, STORE_LOGO, PICTURE) for width in frame.widths)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture ready to be kept: its images by width."""

    digest: str
    media_type: str
    width: int
    height: int
    images: Mapping[int, bytes]


def render(file: bytes, frame: Frame) -> Rendered:
    """The picture in all sizes of its place; raises PictureUnreadable, PictureTooLarge or PictureTooSmall."""
    with reading():
        found = opened(file)
        width, height = _framed_size(found, frame)
        picture = unpacked(found, times_coarser=max(1, width // (_FINER * frame.widths[-1])))
    picture = _framed(picture, frame)
    if not frame.cut_out:
        picture = on_white(picture)
    images = {width: _drawn(picture, width) for width in frame.widths}
    return Rendered(
        digest=hashlib.blake2b(images[frame.widths[-1]], digest_size=16).hexdigest(),
        media_type=MEDIA_TYPE,
        width=width,
        height=height,
        images=images,
    )


@contextmanager
def reading() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge(most=MOST_PIXELS // 1_000_000) from bomb
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise PictureUnreadable from error


def opened(file: bytes) -> ImageFile:
    """The file's head: how many pixels there are is known before any is unpacked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        found = Image.open(BytesIO(file), formats=READ)
    if found.width * found.height > MOST_PIXELS:
        raise PictureTooLarge(most=MOST_PIXELS // 1_000_000)
    return found


def unpacked(found: ImageFile, *, times_coarser: int) -> Image.Image:
    """The pixels, upright. A JPEG unpacks coarser by itself, which costs a fraction; the others are coarsened then."""
    whole = found.width * found.height
    found.draft(None, (max(1, found.width // times_coarser), max(1, found.height // times_coarser)))
    picture = ImageOps.exif_transpose(found).convert("RGBA")
    left = int(times_coarser * (picture.width * picture.height / whole) ** 0.5)
    return picture.reduce(left) if left > 1 else picture


def _framed_size(found: ImageFile, frame: Frame) -> tuple[int, int]:
    """How large the picture is, upright and cropped; raises PictureTooSmall."""
    lies = found.getexif().get(ExifTags.Base.Orientation, 1) in _LYING
    width, height = (found.height, found.width) if lies else found.size
    least_height = max(1, round(frame.least_width * frame.ratio[1] / frame.ratio[0])) if frame.ratio else 24
    if width < frame.least_width or height < least_height:
        raise PictureTooSmall(width=frame.least_width, height=least_height)
    return _cropped(width, height, frame.ratio)


def _cropped(width: int, height: int, ratio: tuple[int, int] | None) -> tuple[int, int]:
    if ratio is None:
        return width, height
    return min(width, height * ratio[0] // ratio[1]), min(height, width * ratio[1] // ratio[0])


def _framed(picture: Image.Image, frame: Frame) -> Image.Image:
    return picture if frame.ratio is None else ImageOps.fit(picture, _cropped(*picture.size, frame.ratio))


def on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, _WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _drawn(picture: Image.Image, width: int) -> bytes:
    scale = min(1.0, width / picture.width, 2 * width / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    sized = picture.resize(size, Image.Resampling.LANCZOS)
    return _as_webp(sized)


def _as_webp(picture: Image.Image) -> bytes:
    """As good as its weight allows, with its transparency."""
    for quality in _QUALITIES_OF_WIDE if picture.width > _WIDE else _QUALITIES:
        out = BytesIO()
        picture.save(out, "WEBP", quality=quality, method=_EFFORT)
        if out.tell() <= _BUDGET:
            break
    return out.getvalue()
