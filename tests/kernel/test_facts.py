"""A fact is its text, and what it was made of is found again."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.facts import Fact

KINDS = st.from_regex(r"[a-z]+(-[a-z]+)*", fullmatch=True)
FIRST = st.text(alphabet=st.characters(exclude_characters=":"), max_size=20)


@given(KINDS, st.lists(FIRST, max_size=3), st.text(max_size=30))
def test_a_fact_is_found_again_in_its_text(kind: str, first: list[str], last: str) -> None:
    fact = Fact(kind, *first, last)
    assert fact == ":".join([kind, *first, last])
    again = Fact.parse(str(fact), parts=len(first) + 1)
    assert (again, again.kind, again.parts) == (fact, kind, (*first, last))


@given(KINDS, st.tuples(FIRST, st.text(max_size=30)), st.tuples(FIRST, st.text(max_size=30)))
def test_two_acts_of_a_kind_never_share_a_text(kind: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (Fact(kind, *one) == Fact(kind, *other)) == (one == other)


def test_what_a_fact_is_known_by() -> None:
    receipt = Fact("purchase", "pos-2", "R:17/5")
    assert (receipt.kind, receipt.scope, receipt.ref) == ("purchase", "pos-2", "R:17/5")
    assert (Fact("redemption", 7).scope, Fact("redemption", 7).ref) == (None, "7")
    assert (Fact("join"), Fact("join").scope, Fact("join").ref) == ("join", None, "")
    assert (Fact("a", "b", "c", "d").scope, Fact("a", "b", "c", "d").ref) == ("b:c", "d")


@pytest.mark.parametrize("kind", ["", "Redemption", "redemption:7", "a b", "-a"])
def test_a_kind_is_a_word(kind: str) -> None:
    with pytest.raises(ValueError, match="no kind of fact"):
        Fact(kind, 1)


def test_only_the_last_part_holds_a_colon() -> None:
    with pytest.raises(ValueError, match="only the last part"):
        Fact("purchase", "a:b", "c")


@pytest.mark.parametrize("text", ["purchase", "purchase:pos", ""])
def test_a_text_with_too_few_parts_is_no_fact_of_its_kind(text: str) -> None:
    with pytest.raises(ValueError, match="has not 2 parts"):
        Fact.parse(text, parts=2)


def test_a_copied_fact_is_whole() -> None:
    fact = Fact("purchase", "pos", "R:1")
    for twin in (copy.deepcopy(fact), pickle.loads(pickle.dumps(fact))):
        assert (twin, twin.kind, twin.parts) == (fact, fact.kind, fact.parts)
    assert json.dumps({"fact": fact}) == '{"fact": "purchase:pos:R:1"}'
