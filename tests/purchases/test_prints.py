"""One photograph is known again however it is saved, turned or cut a little; another one is another."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageEnhance

from app.pictures import photographs
from app.pictures.errors import PictureTooSmall, PictureUnreadable
from app.purchases.photos import alike, comparing, keys, prints, strips
from app.purchases.photos.comparing import Compared
from app.purchases.photos.models import ReceiptPhotoPrint
from app.purchases.photos.prints import Looks
from tests.builders.photos import (
    DINNER,
    covered,
    cut,
    make_bill,
    make_photo,
    make_receipt,
    narrowed,
    save,
    saved_again,
    tilted,
    turned,
)

pytestmark = pytest.mark.no_database

FIRST, BILL = make_receipt(), make_bill()
Change = Callable[[bytes], bytes]


@cache
def looks_of(photo: bytes) -> Looks:
    return prints.looks_of(photographs.draw(photo))


def compared(kept: bytes, other: bytes) -> Compared | None:
    """The kept one laid on another that finds it, as with those that the database finds; None when none does."""
    one, two = looks_of(kept), looks_of(other)
    if not {*one.keys} & {*two.sought}:
        return None
    row = ReceiptPhotoPrint(public_id="kept", digest=one.digest, inner_print=one.inner, strips=[*one.strips])
    found = list(alike.candidates(two, [row]))
    return comparing.compare(one.image, two.image, found[0].views) if found else None


def lighter(photo: bytes) -> bytes:
    """Until its whites are lost."""
    return save(ImageEnhance.Contrast(ImageEnhance.Brightness(Image.open(BytesIO(photo))).enhance(1.2)).enhance(0.85))


def darker(photo: bytes) -> bytes:
    return save(ImageEnhance.Brightness(Image.open(BytesIO(photo))).enhance(0.7), quality=40)


SAVED: dict[str, tuple[bytes, Change]] = {
    "a receipt, smaller": (FIRST, saved_again),
    "a receipt, lighter": (FIRST, lighter),
    "a bill, darker": (BILL, darker),
    "a receipt, turned once": (FIRST, lambda photo: turned(photo, 1)),
    "a receipt, turned over": (FIRST, lambda photo: turned(photo, 2)),
    "a receipt, turned thrice": (FIRST, lambda photo: turned(photo, 3)),
    "a bill, 400 pixels wide": (BILL, lambda photo: narrowed(photo, 400)),
}


@pytest.mark.parametrize(("photo", "change"), SAVED.values(), ids=SAVED)
def test_a_photograph_is_known_again_however_it_is_saved_and_turned(photo: bytes, change: Change) -> None:
    one = compared(photo, change(photo))
    assert one is not None and one.is_same


@pytest.mark.parametrize(
    "sides",
    [(0.05, 0, 0, 0), (0, 0, 0, 0.05), (0.025, 0.025, 0.025, 0.025), (0.05, 0.05, 0.05, 0.05), (0, 0.05, 0.02, 0.035)],
)
def test_a_photograph_is_known_again_cut_at_any_side_whichever_came_first(
    sides: tuple[float, float, float, float],
) -> None:
    smaller = turned(cut(FIRST, *sides), 1)
    for one in (compared(FIRST, smaller), compared(smaller, FIRST)):
        assert one is not None and one.is_same


HIDDEN: dict[str, Change] = {
    "a finger in the middle": lambda photo: covered(photo, 0.05),
    "a finger on a turned one": lambda photo: turned(covered(photo, 0.1, (0.4, 0.25)), 3),
    "without an eighth below": lambda photo: cut(photo, 0, 0, 0, 0.125),
    "without a tenth at the left, turned": lambda photo: turned(cut(photo, 0.1, 0, 0, 0), 1),
    "tilted by 1": lambda photo: tilted(photo, 1),
    "tilted by 3 and turned": lambda photo: turned(tilted(photo, -3), 2),
}


@pytest.mark.parametrize("change", HIDDEN.values(), ids=HIDDEN)
def test_a_photograph_that_is_covered_cut_or_tilted_is_shown_beside_the_first(change: Change) -> None:
    one = compared(FIRST, change(FIRST))
    assert one is not None and one.is_like


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ((("No. A0173917", ""), ("2026-03-14 18:07", ""), *DINNER[2:]), "134.00"),
        ((("No. A0178862", ""), *DINNER[1:]), "134.00"),
        ((*DINNER[:2], ("Tripe", "48.00"), ("Cola", "9.00"), ("Rice", "4.00")), "61.00"),
    ],
    ids=["another day", "another digit", "another dinner"],
)
def test_a_receipt_of_the_same_store_and_layout_is_another_even_where_it_lies_alike(
    rows: tuple[tuple[str, str], ...], total: str
) -> None:
    other = make_receipt(rows, total=total)
    for photo in (other, turned(other, 2), cut(other, 0.05, 0.02, 0, 0.04)):
        one = compared(FIRST, photo)
        assert one is None or not one.is_same


ANOTHER: dict[str, bytes] = {
    "a 3 for a 2": make_bill("42000173863"),
    "an 8 for a 3, 400 pixels wide": narrowed(make_bill("42000178862"), 400),
    "a sum, 300 pixels wide": narrowed(make_bill(total="134.80"), 300),
    "a 3 for a 2, cut": cut(make_bill("42000173863"), 0.03, 0.02, 0.04, 0.03),
}


@pytest.mark.parametrize("other", ANOTHER.values(), ids=ANOTHER)
def test_a_bill_of_one_layout_with_one_other_digit_is_shown_and_not_refused(other: bytes) -> None:
    one = compared(BILL, other)
    assert one is not None and (one.is_same, one.is_like) == (False, True)


def test_where_digits_cannot_be_told_apart_the_same_photograph_is_only_shown() -> None:
    one = compared(BILL, narrowed(BILL, 300))
    assert one is not None and (one.is_same, one.is_like) == (False, True)


def test_a_receipt_that_was_photographed_twice_is_found_by_its_number_alone() -> None:
    assert compared(FIRST, make_receipt(at=(210, 40))) is None


def test_photographs_of_one_template_are_told_apart_by_the_strips_of_their_number() -> None:
    first, again, other = (
        looks_of(one).strips
        for one in (BILL, narrowed(BILL, 540), make_bill("42000918350", total="86.50", at="2026-04-02 18:20"))
    )
    found = strips.resemblance([first], [again, other, strips.NONE])
    assert found.is_like.tolist() == [[True, True, False]]
    assert found.differing[0][0] < found.differing[0][1] < found.differing[0][2] == 1


def test_strips_stay_what_they_are_because_they_are_kept() -> None:
    assert (keys.of_strips([None, 5, 5 | 1 << 22]), keys.of_file("ab" * 16)) == ([558816270, 1291275009], 841_936_227)


def test_keys_stay_what_they_are_because_they_are_kept() -> None:
    found = keys.of_print("0123456789abcdef" * 4)
    assert (len(found), found[0], found[23]) == (24, 1_054_080_932, 379_526_721)


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
