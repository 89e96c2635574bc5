"""Phones, plates, cards, codes and names as people write them: the table of examples, and what is no example."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.identity import cards as own_cards
from app.kernel.security import codes as security_codes
from app.kernel.spelling import cards, codes, names, phones, plates
from app.kernel.spelling.errors import PhoneInvalid, PlateInvalid

pytestmark = pytest.mark.no_database

# The mini-program's tests read the same file.
TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "spelling.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("written", "spelled"), TABLE["phones"]["read"])
def test_phones_have_one_spelling(written: str, spelled: str) -> None:
    assert phones.normalise_phone(written) == spelled
    assert phones.normalise_phone(spelled) == spelled


@pytest.mark.parametrize("written", TABLE["phones"]["refused"])
def test_other_texts_are_no_phones(written: str) -> None:
    with pytest.raises(PhoneInvalid):
        phones.normalise_phone(written)


@pytest.mark.parametrize("stored", ["13812345678", "+85291234567", "+8860912345678", "+44020791234", "+1650253000012"])
def test_what_could_be_stored_before_stays_what_it_was(stored: str) -> None:
    """Members are found by a blind index of it: another normal form would lose them."""
    assert phones.normalise_phone(stored) == stored


@pytest.mark.parametrize(("written", "spelled"), TABLE["plates"]["read"])
def test_plates_have_one_spelling(written: str, spelled: str) -> None:
    assert plates.normalise_plate(written) == spelled
    assert plates.spell_plate(written) == spelled
    assert plates.normalise_plate(spelled) == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["plates"]["unknown"])
def test_other_texts_are_no_plates_and_stay_as_read(written: str, spelled: str) -> None:
    assert plates.spell_plate(written) == spelled
    assert not plates.is_plate(spelled)
    with pytest.raises(PlateInvalid):
        plates.normalise_plate(written)


@pytest.mark.parametrize(("written", "spelled"), TABLE["cards"])
def test_cards_have_one_spelling(written: str, spelled: str) -> None:
    assert cards.spell_card(written) == spelled
    assert cards.spell_card(spelled) == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["codes"])
def test_codes_are_read_however_they_are_typed_or_scanned(written: str, spelled: str) -> None:
    assert codes.spell_code(written) == spelled
    assert security_codes.is_well_formed(spelled, 12)


@pytest.mark.parametrize("typed", ["M3NG6W33X4R⃝4", "M3NG6W33X4R", "]Q1", "", "喵M3NG6W33X4R4"])
def test_what_is_not_a_code_does_not_become_one(typed: str) -> None:
    assert not security_codes.is_well_formed(codes.spell_code(typed), 12)


@pytest.mark.parametrize(("written", "spelled"), TABLE["member_codes"])
def test_member_codes_keep_their_capitals(written: str, spelled: str) -> None:
    assert codes.spell_cased_code(written, prefix="HM1.") == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["names"])
def test_names_are_kept_on_one_line(written: str, spelled: str) -> None:
    assert names.spell_name(written) == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["texts"])
def test_free_words_stand_on_one_line_as_they_were_written(written: str, spelled: str) -> None:
    assert names.spell_text(written) == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["lines"])
def test_free_words_of_several_lines_keep_them(written: str, spelled: str) -> None:
    assert names.spell_lines(written) == spelled


@pytest.mark.parametrize(("written", "spelled"), TABLE["words"])
def test_words_are_looked_for_in_one_spelling(written: str, spelled: str) -> None:
    assert names.spell_words(written) == spelled


@pytest.mark.parametrize("member_id", [1, 9, 10, 123456789])
def test_card_numbers_pass_the_luhn_check(member_id: int) -> None:
    digits = [int(digit) for digit in reversed(own_cards.card_number(member_id))]
    doubled = [digit * 2 if position % 2 else digit for position, digit in enumerate(digits)]
    assert len(digits) == 16
    assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def test_masks_hide_the_middle() -> None:
    assert (phones.mask_phone("13812345678"), names.mask_name("张三丰"), names.mask_name("")) == (
        "138****5678",
        "张**",
        "",
    )
