"""The demo's staff call some members something."""

from app.access.models import Role
from app.access.scopes import Place
from app.lifecycle.tags.by_hand import queries
from cli.demo import words
from cli.demo.mall import Built
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff
from tests.support.clock import StillClock


def test_every_word_has_an_owner_a_meaning_and_members(clock: StillClock) -> None:
    mall = make_mall()
    for _ in range(10):
        make_member(mall)
    built = Built(
        malls={"YH": mall}, operators={"YH": make_staff(Role.OPERATIONS, Place(mall_id=mall.id), name="陈岚")}
    )

    words.give(built, now=clock.now)

    found = {word.name: word for word in queries.list_words(mall.id)}
    borne = queries.count_members([word.id for word in found.values()])
    assert {name: borne[word.id] for name, word in found.items()} == {one.name: one.members for one in words.WORDS}
    assert all(word.note and word.owner_name == "陈岚" for word in found.values())
