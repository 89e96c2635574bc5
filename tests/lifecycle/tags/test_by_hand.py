"""Tags that people give: an owner, a reason, once; gone with whoever leaves or switched profiling off."""

import pytest
from sqlalchemy import select

from app.flows.members import leaving
from app.flows.privacy import own_data, profiling
from app.identity import queries as members
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.lifecycle.tags.by_hand import manual_tags, queries
from app.lifecycle.tags.by_hand.errors import ManualTagTaken, ProfilingOff
from app.lifecycle.tags.by_hand.manual_tags import Giver
from tests.builders.cases import merge
from tests.builders.identity import make_member
from tests.builders.malls import make_mall


def giver(member: Member, staff_id: int = 7, name: str = "王芳") -> Giver:
    return Giver(staff_id=staff_id, name=name, mall_id=member.home_mall_id)


def words_of(member: Member) -> list[str]:
    person_ids = members.list_person_ids(member.id)
    return [tag.name for _, tag in queries.list_of_member(person_ids, mall_id=member.home_mall_id)]


def bearing(word_id: int) -> set[int]:
    return set(db.session.scalars(select(Member.id).where(queries.bears(word_id))))


def test_a_word_is_given_once_and_belongs_to_who_thought_of_it() -> None:
    member = make_member()
    by = giver(member)

    row = manual_tags.give(member.id, "爱猫人士", by, note="聊起家里的猫", now=clock.now())
    assert row is not None and (row.given_by_name, row.note) == ("王芳", "聊起家里的猫")
    assert manual_tags.give(member.id, "爱猫人士", giver(member, 8, "李雷"), note="", now=clock.now()) is None

    [word] = queries.list_words(member.home_mall_id)
    assert (word.name, word.owner_name) == ("爱猫人士", "王芳")
    assert queries.count_members([word.id]) == {word.id: 1}
    told = db.session.execute(own_data.SECTIONS["manual_tags"]([member.id])).all()
    assert [(row.tag, row.note) for row in told] == [("爱猫人士", "聊起家里的猫")]

    assert manual_tags.take(member.id, word.id, mall_id=member.home_mall_id) is word
    assert manual_tags.take(member.id, word.id, mall_id=member.home_mall_id) is None
    assert words_of(member) == []


def test_words_are_a_mall_s_own() -> None:
    member, elsewhere = make_member(), make_mall()
    manual_tags.give(member.id, "团购群主", giver(member), note="", now=clock.now())
    [word] = queries.list_words(member.home_mall_id)

    assert queries.list_words(elsewhere.id) == []
    assert queries.list_of_member([member.id], mall_id=elsewhere.id) == []
    for act in (manual_tags.remove, lambda tag, mall_id: manual_tags.take(member.id, tag, mall_id=mall_id)):
        with pytest.raises(NotFound):
            act(word.id, mall_id=elsewhere.id)


def test_words_are_renamed_taken_over_and_given_up() -> None:
    member = make_member()
    mall_id = member.home_mall_id
    for name in ("爱猫人士", "团购群主"):
        manual_tags.give(member.id, name, giver(member), note="", now=clock.now())
    cats, groups = (queries.get_by_name(mall_id, name) for name in ("爱猫人士", "团购群主"))

    with pytest.raises(ManualTagTaken):
        manual_tags.change(cats.id, mall_id=mall_id, name="团购群主", note="")
    changed = manual_tags.change(cats.id, mall_id=mall_id, name="养猫", note="家里养猫，可邀请宠物活动")
    assert (changed.name, changed.note) == ("养猫", "家里养猫，可邀请宠物活动")
    assert manual_tags.take_over(cats.id, giver(member, 8, "李雷")).owner_name == "李雷"
    manual_tags.remove(groups.id, mall_id=mall_id)
    assert words_of(member) == ["养猫"]


def test_who_switched_profiling_off_or_left_bears_none() -> None:
    quiet, left = make_member(), make_member()
    for member in (quiet, left):
        manual_tags.give(member.id, "爱猫人士", giver(member), note="", now=clock.now())

    profiling.stop_profiling(quiet.id, now=clock.now())
    with pytest.raises(ProfilingOff):
        manual_tags.give(quiet.id, "爱猫人士", giver(quiet), note="", now=clock.now())
    cost = leaving.preview_leaving(left.id, now=clock.now()).cost
    leaving.let_member_leave(left.id, told=cost, now=clock.now())

    assert words_of(quiet) == [] and words_of(left) == []


def test_a_word_is_found_and_taken_of_who_was_merged_after_it_was_given() -> None:
    one, other = make_member(), make_member()
    for member in (one, other):
        manual_tags.give(member.id, "爱猫人士", giver(one), note="", now=clock.now())
    [word] = queries.list_words(one.home_mall_id)
    merge(one, other)
    survivor = members.get_member(one.id)

    assert bearing(word.id) >= {survivor.id}
    person_ids = members.list_person_ids(survivor.id)
    assert [tag.id for _, tag in queries.list_of_member(person_ids, mall_id=word.mall_id)] == [word.id]
    manual_tags.take(survivor.id, word.id, mall_id=word.mall_id)
    assert bearing(word.id) == set()
