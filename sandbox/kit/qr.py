"""QR pictures out of texts, and texts out of pictures."""

import io

import qrcode
import zxingcpp
from PIL import Image, UnidentifiedImageError
from qrcode.constants import ERROR_CORRECT_M

from sandbox.kit.errors import ApiError

_MOST_PIXELS = 40_000_000


def picture(text: str, width: int, *, clear: bool = False, format_: str = "JPEG") -> bytes:
    """A scannable QR code `width` pixels wide; `clear` leaves the ground transparent (PNG)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    image = Image.new("L", (len(modules), len(modules)), 255)
    image.putdata([0 if dark else 255 for row in modules for dark in row])
    image = image.resize((width, width), Image.Resampling.NEAREST)
    if clear:
        ink = Image.new("LA", image.size, (0, 255))
        ink.putalpha(image.point(lambda level: 255 - level))
        image, format_ = ink, "PNG"
    out = io.BytesIO()
    image.save(out, format_, **({"quality": 90} if format_ == "JPEG" else {}))
    return out.getvalue()


def read(data: bytes) -> str:
    """The text of the first code in a picture. Raises ApiError when there is none."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > _MOST_PIXELS:
            raise ApiError(413, "picture_too_large", "图片太大")
        flat = Image.new("RGBA", image.size, "white")
        flat.alpha_composite(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise ApiError(422, "picture_unreadable", "这不是一张能读的图片") from None
    found = zxingcpp.read_barcodes(flat.convert("L"))
    if not found:
        raise ApiError(422, "no_code_in_picture", "图片里未找到二维码")
    return str(found[0].text)
