"""What becomes of an uploaded file: pixels only, upright, cropped, within bounds; what is no picture is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.pictures import rendering
from app.pictures.errors import PictureTooLarge, PictureTooSmall, PictureUnreadable
from tests.builders.pictures import make_file

pytestmark = pytest.mark.no_database


def _opened(image: bytes) -> Image.Image:
    return Image.open(BytesIO(image))


def test_a_picture_is_cropped_and_made_in_every_width_of_its_place() -> None:
    rendered = rendering.render(make_file(2000, 2000), rendering.COVER)
    sizes = {width: _opened(image).size for width, image in rendered.images.items()}
    assert sizes == {480: (480, 360), 720: (720, 540), 960: (960, 720)}
    assert rendered.media_type == "image/webp"
    assert all(_opened(image).format == "WEBP" for image in rendered.images.values())


def test_a_small_picture_is_not_blown_up() -> None:
    rendered = rendering.render(make_file(500, 400), rendering.COVER)
    assert _opened(rendered.images[960]).width == 500


def test_nothing_but_the_pixels_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # lies on its side
    file = make_file(800, 1200, kind="JPEG", exif=exif) + b"<script>trailing</script>"
    rendered = rendering.render(file, rendering.LOGO)
    for image in rendered.images.values():
        assert b"taken at home" not in image and b"script" not in image
    assert not _opened(rendered.images[384]).getexif()
    assert (rendered.width, rendered.height) == (1200, 800)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_drawn_from_fewer_pixels_and_looks_the_same(kind: str) -> None:
    """It lies on its side, its left half is white: upright, the upper half is."""
    halves = Image.new("RGB", (900, 601), "black")
    halves.paste("white", (0, 0, 450, 601))
    exif, out = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    halves.save(out, kind, exif=exif)
    rendered = rendering.render(out.getvalue(), rendering.STORE_LOGO)
    logo = _opened(rendered.images[192]).convert("L")
    assert (rendered.width, rendered.height, logo.size) == (601, 601, (192, 192))
    assert [logo.getpixel((96, y)) for y in (4, 88, 104, 188)] == pytest.approx([255, 255, 0, 0], abs=8)


def test_a_logo_keeps_its_transparent_ground() -> None:
    out = BytesIO()
    Image.new("RGBA", (300, 100), (15, 118, 110, 0)).save(out, "PNG")
    rendered = rendering.render(out.getvalue(), rendering.LOGO)
    logo = _opened(rendered.images[192]).convert("RGBA")
    assert (rendered.media_type, logo.size, logo.getpixel((5, 5))[3]) == ("image/webp", (192, 64), 0)


def test_a_logo_may_be_a_long_strip() -> None:
    assert _opened(rendering.render(make_file(40_000, 30, kind="JPEG"), rendering.LOGO).images[192]).width == 192


def test_the_same_file_has_the_same_digest_and_another_place_another() -> None:
    file = make_file()
    assert rendering.render(file, rendering.COVER).digest == rendering.render(file, rendering.COVER).digest
    assert rendering.render(file, rendering.COVER).digest != rendering.render(file, rendering.CARD).digest


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has these many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(6_000, 5_000), (60_000, 60_000), (1, 2_000_000_000)])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    with pytest.raises(PictureTooLarge):
        rendering.render(_bomb(width, height), rendering.COVER)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(40),
        make_file()[:400],
        _bomb(900, 900),
        make_file(kind="TIFF"),
        b"%PDF-1.7 hello",
    ],
)
def test_what_is_no_picture_of_a_kind_that_is_taken_is_refused(file: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        rendering.render(file, rendering.COVER)


def test_what_would_look_blurred_is_refused() -> None:
    with pytest.raises(PictureTooSmall) as refused:
        rendering.render(make_file(400, 900), rendering.COVER)
    assert refused.value.facts == {"width": 480, "height": 360}


def test_noise_stays_within_the_weight_of_a_page() -> None:
    noise = Image.effect_noise((1200, 900), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=95)
    rendered = rendering.render(out.getvalue(), rendering.COVER)
    assert all(len(image) < 400_000 for image in rendered.images.values())
