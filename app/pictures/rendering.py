"""A file that somebody uploaded as the picture it is to be: decoded, turned upright, cropped, drawn anew in each size.

Nothing of the file survives but its pixels: no metadata, no second frame, nothing behind the picture's end.
"""

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from app.pictures.errors import PictureTooLarge, PictureTooSmall, PictureUnreadable

READ = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
_WHITE = (255, 255, 255)
MEDIA_TYPE = "image/webp"  # half the weight of JPEG or PNG; every WeChat of the last years shows it
_QUALITIES = (80, 70, 58, 46, 34)
# Wide ones are shown by screens with two or three points to a pixel, which hide what a strong compression does.
_WIDE, _QUALITIES_OF_WIDE = 600, (40, 34, 28)
_EFFORT = 6  # the most that the encoder takes: drawn once, sent often
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
    picture = _framed(_decoded(file), frame)
    if not frame.cut_out:
        picture = _on_white(picture)
    images = {width: _drawn(picture, width) for width in frame.widths}
    return Rendered(
        digest=hashlib.blake2b(images[frame.widths[-1]], digest_size=16).hexdigest(),
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        images=images,
    )


def _decoded(file: bytes) -> Image.Image:
    """The pixels, upright; their number is known before any is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            found = Image.open(BytesIO(file), formats=READ)
        if found.width * found.height > MOST_PIXELS:
            raise PictureTooLarge(most=MOST_PIXELS // 1_000_000)
        return ImageOps.exif_transpose(found).convert("RGBA")
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge(most=MOST_PIXELS // 1_000_000) from bomb
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureUnreadable from error


def _framed(picture: Image.Image, frame: Frame) -> Image.Image:
    ratio = frame.ratio or (picture.width, picture.height)
    least_height = max(1, round(frame.least_width * ratio[1] / ratio[0])) if frame.ratio else 24
    if picture.width < frame.least_width or picture.height < least_height:
        raise PictureTooSmall(width=frame.least_width, height=least_height)
    if frame.ratio is None:
        return picture
    width = min(picture.width, picture.height * ratio[0] // ratio[1])
    height = min(picture.height, picture.width * ratio[1] // ratio[0])
    return ImageOps.fit(picture, (width, height))


def _on_white(picture: Image.Image) -> Image.Image:
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
