"""QR codes on pages: read back from the picture as it is drawn, and light enough to travel with an answer."""

import base64
import gzip
import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.web.pages import qr

pytestmark = pytest.mark.no_database

SCALE = 8


def drawn(uri: str) -> Image.Image:
    """The picture's lines, drawn one module thick."""
    head, _, data = uri.partition(",")
    assert head == "data:image/svg+xml;base64"
    svg = base64.b64decode(data).decode()
    size = int(re.findall(r'viewBox="0 -.5 (\d+) \1"', svg)[0])
    picture = Image.new("L", (size * SCALE, size * SCALE), 255)
    pen, x, y = ImageDraw.Draw(picture), 0, 0
    for step, one, other, length in re.findall(r"([Mm])(\d+) (\d+)h(\d+)", svg):
        x, y = (int(one), int(other)) if step == "M" else (x + int(one), y)
        pen.rectangle((x * SCALE, y * SCALE, (x + int(length)) * SCALE - 1, (y + 1) * SCALE - 1), fill=0)
        x += int(length)
    return picture


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("text", ["A", "7K2M-9QXT", f"HM1.{'k3Jd9sKq2LxMZ0pQvT7y' * 4}", "悦汇城"])
def test_a_code_says_what_it_was_made_of(text: str, dense: bool) -> None:
    assert zxingcpp.read_barcode(drawn(qr.data_uri(text, dense=dense))).text == text


def test_a_members_code_weighs_little() -> None:
    assert len(gzip.compress(qr.data_uri(f"HM1.{'k3Jd9sKq2LxMZ0pQvT7y' * 4}", dense=True).encode(), 5)) < 1_500
