"""Phones, plates, card numbers, and codes as people type them."""

import pytest

from app.identity import cards
from app.kernel.security import codes
from app.kernel.spelling import names, phones, plates
from app.kernel.spelling.errors import PhoneInvalid, PlateInvalid

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("86-138-1234-5678", "13812345678"),
        ("+85291234567", "+85291234567"),
    ],
)
def test_phones_are_normalised(typed: str, normal: str) -> None:
    assert phones.normalise_phone(typed) == normal


@pytest.mark.parametrize("typed", ["", "123", "12812345678", "1381234567", "138123456789", "+8612345", "电话"])
def test_other_texts_are_no_phones(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        phones.normalise_phone(typed)


@pytest.mark.parametrize(
    "typed", ["13８１２３４５６７８", "13٨١٢٣٤٥٦٧٨", "+008613812345678", "+085291234567", "+852９1234567"]
)
def test_a_phone_has_no_second_spelling(typed: str) -> None:
    """Else it could be a second member, and be sent as many codes again."""
    with pytest.raises(PhoneInvalid):
        phones.normalise_phone(typed)


@pytest.mark.parametrize("typed", ["沪A12345", "沪a·12345", "沪AD12345", "粤B123D学", "浙AF12345", "京A1234警"])
def test_plates_are_normalised(typed: str) -> None:
    assert plates.normalise_plate(typed) == typed.upper().replace("·", "")


@pytest.mark.parametrize(
    "typed", ["", "A12345", "沪I12345", "沪A1234", "沪A123456789", "沪AO2345", "沪A12 34\n", "沪１23456使"]
)
def test_other_texts_are_no_plates(typed: str) -> None:
    with pytest.raises(PlateInvalid):
        plates.normalise_plate(typed)


@pytest.mark.parametrize("member_id", [1, 9, 10, 123456789])
def test_card_numbers_pass_the_luhn_check(member_id: int) -> None:
    digits = [int(digit) for digit in reversed(cards.card_number(member_id))]
    doubled = [digit * 2 if position % 2 else digit for position, digit in enumerate(digits)]
    assert len(digits) == 16
    assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def test_masks_hide_the_middle() -> None:
    assert (phones.mask_phone("13812345678"), names.mask_name("张三丰"), names.mask_name("")) == (
        "138****5678",
        "张**",
        "",
    )


@pytest.mark.parametrize("typed", ["m3ng 6w33-x4r4", "Ｍ３ＮＧ　6W33－X4R4", "ｍ３ｎｇ6w33x4r4"])
def test_a_code_is_read_in_any_width(typed: str) -> None:
    assert codes.clean(typed) == "M3NG6W33X4R4"


@pytest.mark.parametrize("typed", ["M3NG6W33X4R​4", "M3NG6W33X4R⃝4", "M3NG6W33X4R"])
def test_what_is_not_a_code_does_not_become_one(typed: str) -> None:
    assert not codes.is_well_formed(codes.clean(typed), 12)
