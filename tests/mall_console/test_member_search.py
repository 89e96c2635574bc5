"""Finding members by name, by the last digits of a phone, and by tag."""

import pytest
from sqlalchemy import update

from app.identity import members
from app.identity.models import Member
from app.kernel.db import db
from app.workers import upkeep
from tests.builders.console import PHONES, World
from tests.builders.identity import make_member
from tests.mall_console.conftest import Console, audited

FOUND = "/members/found?q="


def named(world: World, name: str, phone: str) -> Member:
    member = make_member(world.mall, phone=phone)
    members.set_name(member, name)
    return member


@pytest.mark.parametrize("typed", ["阿依努尔·买买提", "阿依努尔买买提", " 阿依努尔 • 买买提 "])
def test_who_alone_bears_a_name_is_found_by_it_however_it_is_written(
    auditor: Console, world: World, typed: str
) -> None:
    member = named(world, "阿依努尔·买买提", "13711110001")
    answer = auditor.post(f"{world.base}/members/search", who=typed)
    assert answer.location == f"{world.base}/members/{member.public_id}"
    entry = audited("member.search")
    assert (entry.subject, entry.facts) == (f"member:{member.id}", {"by": "name"})


def test_of_several_one_chooses_and_no_address_says_the_name(operations: Console, world: World, other: World) -> None:
    first, second = named(world, "王小明", "13711110001"), named(world, "王小明", "13711110002")
    stranger = named(other, "王小明", "13711110003")

    answer = operations.post(f"{world.base}/members/search", who="王小明")

    assert FOUND in (answer.location or "") and "王小明" not in (answer.location or "")
    page = operations.get(answer.location or "").text
    assert first.public_id in page and second.public_id in page and stranger.public_id not in page
    assert "王**" in page and "王小明" not in page.split("<main")[1].replace('value="王小明"', "")
    assert audited("member.search").facts == {"by": "name", "found": 2}


def test_members_are_found_by_the_last_digits_of_their_phone(operations: Console, world: World) -> None:
    answer = operations.post(f"{world.base}/members/search", who=PHONES["甲"][-4:])
    assert answer.location == f"{world.base}/members/{world.member.public_id}"
    assert audited("member.search").facts == {"by": "phone_tail"}


def test_names_from_before_the_index_are_found_once_a_job_has_passed(operations: Console, world: World) -> None:
    member = named(world, "王小明", "13711110001")
    db.session.execute(update(Member).values(name_index=None))
    page = f"{world.base}/members"
    operations.post(f"{page}/search", page=page, who="王小明")
    assert "未找到" in operations.get(page).text

    assert upkeep.index_names(limit=10) == 1
    assert upkeep.index_names(limit=10) == 0
    assert operations.post(f"{page}/search", who="王小明").location == f"{page}/{member.public_id}"


@pytest.mark.requirement("S3.2")
def test_the_list_is_narrowed_to_a_tag(operations: Console, world: World) -> None:
    plain = make_member(world.mall)
    page = operations.get(f"{world.base}/members?word={world.word_id}").text
    assert world.member.public_id in page and plain.public_id not in page
