"""QR codes as crisp pictures for pages."""

import base64
import io

import qrcode
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def data_uri(text: str, *, dense: bool = False) -> str:
    """The text as an SVG data URI; dense texts get less redundancy and so larger modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L if dense else ERROR_CORRECT_M, border=2)
    code.add_data(text)
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
