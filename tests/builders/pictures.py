"""Files of pictures as people upload them."""

from io import BytesIO
from typing import Any

from PIL import Image


def make_file(
    width: int = 800, height: int = 600, *, kind: str = "PNG", colour: str = "#0f766e", **saved: Any
) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **saved)
    return out.getvalue()
