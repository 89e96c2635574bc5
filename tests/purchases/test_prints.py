"""One photograph is known again however it is saved, turned or cut a little; another one is another."""

from io import BytesIO

import pytest
from PIL import Image

from app.pictures import photographs
from app.pictures.errors import PictureTooSmall, PictureUnreadable
from app.purchases.photos import comparing, prints
from app.purchases.photos.comparing import Compared
from app.purchases.photos.prints import INNER, Looks, View
from tests.builders.photos import DINNER, cut, make_photo, make_receipt, save, saved_again, turned

pytestmark = pytest.mark.no_database

FIRST = make_receipt()


def looks_of(photo: bytes) -> Looks:
    return prints.looks_of(photographs.draw(photo))


def print_of(photo: bytes) -> str:
    return looks_of(photo).print


def find(kept: Looks, other: Looks) -> list[View]:
    """The parts of the other that lie nearest to the inner part of the kept one, of those that are found by a key."""
    keys = set(prints.keys_of(kept.inner))
    near = [
        (apart, place)
        for place, view in enumerate(other.parts)
        if (apart := prints.distance(kept.inner, view.print)) <= prints.NEAR and keys & {*prints.keys_of(view.print)}
    ]
    return [other.parts[place] for _, place in sorted(near)[:3]]


def compared(kept: bytes, other: bytes) -> Compared | None:
    one, two = looks_of(kept), looks_of(other)
    views = find(one, two)
    return comparing.compare(one.image, two.image, views) if views else None


def test_a_photograph_is_known_again_however_it_is_saved() -> None:
    first = make_photo(1)
    assert prints.distance(print_of(first), print_of(saved_again(first))) <= prints.SAME
    others = [prints.distance(print_of(first), print_of(make_photo(number))) for number in range(2, 8)]
    assert min(others) > prints.ALIKE


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photograph_is_known_again_in_every_turn(quarters: int) -> None:
    first, other = looks_of(FIRST), looks_of(turned(FIRST, quarters))
    apart, turns = min((prints.distance(first.print, view.print), view.turns) for view in other.turned)
    assert (apart <= prints.SAME, turns) == (True, 4 - quarters)
    assert comparing.compare(first.image, other.image, [View(turns, INNER, first.print)]).is_same


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


def test_a_receipt_that_was_photographed_twice_is_found_by_its_number_alone() -> None:
    assert compared(FIRST, make_receipt(at=(210, 40))) is None


def test_prints_that_are_alike_share_a_band() -> None:
    one = print_of(make_photo(1))
    other = f"{int(one, 16) ^ sum(1 << (16 * band) for band in range(prints.ALIKE)):064x}"
    assert prints.distance(one, other) == prints.ALIKE
    assert len(set(prints.bands_of(one)) & set(prints.bands_of(other))) == 1


def test_keys_stay_what_they_are_because_they_are_kept() -> None:
    keys = prints.keys_of("0123456789abcdef" * 4)
    assert (len(keys), keys[0], keys[47]) == (48, 758_370_883, 1_597_081_237)


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
