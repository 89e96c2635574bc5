"""One photograph is known again however it is saved; another one is another."""

from io import BytesIO

import pytest
from PIL import Image

from app.pictures import photographs
from app.pictures.errors import PictureTooSmall, PictureUnreadable
from app.purchases.photos import prints
from tests.builders.photos import make_photo, save, saved_again

pytestmark = pytest.mark.no_database


def print_of(photo: bytes) -> str:
    return prints.print_of(photographs.draw(photo))


def test_a_photograph_is_known_again_however_it_is_saved() -> None:
    first = make_photo(1)
    assert prints.distance(print_of(first), print_of(saved_again(first))) <= prints.SAME
    others = [prints.distance(print_of(first), print_of(make_photo(number))) for number in range(2, 8)]
    assert min(others) > prints.ALIKE


def test_prints_that_are_alike_share_a_band() -> None:
    one = print_of(make_photo(1))
    other = f"{int(one, 16) ^ sum(1 << (16 * band) for band in range(prints.ALIKE)):064x}"
    assert prints.distance(one, other) == prints.ALIKE
    assert len(set(prints.bands_of(one)) & set(prints.bands_of(other))) == 1


def test_nothing_of_the_file_is_left_but_its_pixels_upright_and_not_too_many() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a phone"  # lies on its side; who made it
    drawn = Image.open(BytesIO(photographs.draw(make_photo(1, width=3000, exif=exif))))
    assert (drawn.format, dict(drawn.getexif()), drawn.width > drawn.height) == ("JPEG", {}, True)
    assert drawn.width * drawn.height <= 2_010_000


def test_what_is_no_photograph_of_a_receipt_is_refused() -> None:
    with pytest.raises(PictureTooSmall):
        photographs.draw(save(Image.new("RGB", (200, 900))))
    with pytest.raises(PictureUnreadable):
        photographs.draw(b"%PDF-1.4")
