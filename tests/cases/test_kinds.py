"""Every kind of case has its words, and the words belong to a kind."""

import string

import pytest

from app.cases.kinds import CaseKind, all_kinds, all_raisers
from mall_console.cases.words import KINDS

pytestmark = pytest.mark.no_database


def test_every_kind_and_each_of_its_answers_is_worded() -> None:
    assert KINDS.keys() == all_kinds().keys()
    for code, kind in all_kinds().items():
        assert KINDS[code]["title"] and KINDS[code]["ask"] and KINDS[code]["reasons"]
        assert KINDS[code]["outcomes"].keys() == kind.outcomes.keys()


@pytest.mark.parametrize("kind", all_kinds().values(), ids=lambda kind: kind.code)
def test_reasons_name_no_person(kind: CaseKind) -> None:
    parsed = [part for text in KINDS[kind.code]["reasons"].values() for part in string.Formatter().parse(text)]
    named = {field for _, field, _, _ in parsed if field}
    assert not named & {"phone", "name", "plate", "openid"}


def test_somebody_looks_for_cases() -> None:
    assert len(all_raisers()) >= 3
