"""Footfall in the console: the week's picture, counts by hand, doors and the codes that hang there."""

from datetime import date

import pytest

from app.entrances import footfall_queries
from app.kernel.db import db
from mall_console.footfall import week
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited

FORM = {"door": "N1", "day": "2026-03-11", "hour": "9", "visitors": "318"}


@pytest.mark.no_database
def test_the_picture_has_the_hours_in_which_anybody_was_counted_darker_the_more_they_were() -> None:
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
    drawn = week.draw([monday, tuesday], {(monday, 10): 0, (monday, 12): 100, (tuesday, 11): 1})
    assert list(drawn.hours) == [10, 11, 12]
    assert [[(hour.visitors, hour.shade) for hour in day.hours] for day in drawn.days] == [
        [(0, 0), (None, 0), (100, 5)],
        [(None, 0), (1, 1), (None, 0)],
    ]
    assert (drawn.visitors, [day.visitors for day in drawn.days]) == (101, [100, 1])


def test_a_count_by_hand_stands_in_the_list_and_the_picture(operations: Console, world: World) -> None:
    address = operations.post(f"{world.base}/footfall", **FORM).location
    assert audited("footfall.record").facts == {"door": "N1", "day": "2026-03-11", "hour": 9, "visitors": 318}
    page = operations.get(address).text
    assert "的客流已录入" in page and "人工录入" in page
    assert "09:00–10:00" in page and "近 7 天" in page
    found = operations.get(f"{world.base}/footfall?{operations.searched(address, 'n1', listing='footfall')}").text
    assert "N1" in found and "09:00–10:00" in found


def test_a_correction_says_what_it_replaced(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/footfall", **FORM)
    address = operations.post(f"{world.base}/footfall", **FORM | {"visitors": "310"}).location
    assert "由 318 更正为 310" in operations.get(address).text
    facts = audited("footfall.correct").facts
    assert (facts["visitors_before"], facts["visitors"]) == (318, 310)
    address = operations.post(f"{world.base}/footfall", **FORM | {"visitors": "310"}).location
    assert "没有变化" in operations.get(address).text


def test_an_hour_to_come_is_refused_with_what_was_typed_kept(operations: Console, world: World) -> None:
    form = f"{world.base}/footfall/new"
    refused = operations.post(f"{world.base}/footfall", page=form, **FORM | {"hour": "20"})
    page = operations.get(refused.location).text
    assert "2026-03-11 20 时还没有到" in page and 'value="318"' in page


def test_a_door_gets_a_name_and_the_code_that_hangs_there(operations: Console, world: World) -> None:
    door = f"{world.base}/footfall/doors/{world.door.id}"
    operations.post(door, name="北门", entrance=str(world.entrance.id))
    assert audited("door.describe").facts == {"name": "北门", "entrance": world.entrance.name}
    (found,) = footfall_queries.list_doors(world.mall.id)
    db.session.refresh(found)
    assert (found.name, found.entrance_id) == ("北门", world.entrance.id)
    refused = operations.post(door, page=door, name="北门", entrance="99999")
    assert "请选择本商场的入口码" in operations.get(refused.location).text
