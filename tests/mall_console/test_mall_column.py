"""Rows of several malls in one list: whoever works in several sees which is whose, nobody else sees the column."""

import pytest

from app.access.models import Role
from app.access.scopes import Place
from tests.builders.console import World
from tests.builders.staff import make_staff
from tests.mall_console.conftest import Console, SignIn

HEAD = ">商场</"


@pytest.mark.parametrize("path", ["/staff", "/audit"])
def test_only_who_works_in_several_malls_is_told_the_mall(
    administrator: Console, enter: SignIn, world: World, other: World, path: str
) -> None:
    one = enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id))
    assert (
        HEAD in administrator.get(world.base + path).text
        and 'value="mall"' in administrator.get(world.base + path).text
    )
    page = one.get(f"{world.base}{path}?col=mall&mall={other.mall.code}").text
    assert HEAD not in page and 'value="mall"' not in page and 'id="list-mall"' not in page
    assert page.count("<tr") == one.get(world.base + path).text.count("<tr")


def test_staff_are_narrowed_to_a_mall(administrator: Console, world: World, other: World) -> None:
    both = make_staff(Role.FINANCE, Place(mall_id=world.mall.id), name="两边的人")
    page = administrator.get(f"{world.base}/staff?mall={other.mall.code}").text
    assert other.clerk.name in page and both.name not in page and administrator.person.name in page
    assert "<td" in page and "乙商场" in page


def test_entries_of_the_group_are_told_apart(administrator: Console, world: World, other: World) -> None:
    page = administrator.get(f"{world.base}/audit?mall=group").text
    assert "甲改名" not in page and "整个集团" in page
    page = administrator.get(f"{world.base}/audit?mall=mall").text
    assert "甲改名" in page and 'data-label="商场">整个集团' not in page
