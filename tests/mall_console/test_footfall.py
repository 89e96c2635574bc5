"""Footfall in the console: the week's picture, counts by hand, doors and the codes that hang there."""

from datetime import date

import pytest

from app.access import audit
from app.entrances import footfall, footfall_queries
from app.entrances.footfall import Count, Source
from app.entrances.models import Door
from app.flows.history.files.rows import footfall_rows
from app.kernel import clock
from app.kernel.db import db
from mall_console.footfall import week
from tests.builders.console import World
from tests.mall_console import importing
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


def test_what_the_product_counted_by_itself_is_said_in_words(operations: Console, world: World) -> None:
    count = Count("N1", date(2026, 3, 11), 9, 318)
    footfall.record(world.mall.id, [count], source=Source.API, actor=audit.SYSTEM, now=clock.now())
    db.session.commit()
    page = operations.get(f"{world.base}/footfall").text
    assert 'data-label="填报">系统' in page.replace("\n", "").replace("  ", "")


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


def test_a_file_of_counts_is_tried_then_kept_and_corrects_what_was_said(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/footfall", **FORM)
    rows = [
        ("N1", "2026-03-11 09:00", "310"),
        ("N1", "2026/3/11 10:00", "1,204"),
        ("S2", "2026-03-11", "7"),
        ("S2", "2026-03-11 23:00", "7"),
        ("N1", "2026-03-11 10:00", "1205"),
        ("S2", "2026-03-11 08:00", "很多"),
    ]
    lines = "\n".join("\t".join(row) for row in (("通道", "统计时间", "客流量"), *rows))
    page = importing.bring(operations, world, lines.encode(), kind="footfall", name="客流.txt")
    importing.say_columns(operations, page)
    importing.work()
    foreseen = operations.get(page).text
    assert "更正原有数据" in foreseen and "没有写几时" in foreseen and "与文件里另一行的人数不一致" in foreseen
    assert _counted() == {("N1", 9): (318, "hand")}
    operations.post(f"{page}/run")
    importing.work()
    assert _counted() == {("N1", 9): (310, "file"), ("N1", 10): (1204, "file")}
    assert audited("import.done").facts == {"kind": "footfall", "new": 2, "known": 0, "rejected": 4}
    assert audited("footfall.correct").facts["visitors_before"] == 318
    assert audited("footfall.correct").actor_name == "张岚"


def _counted() -> dict[tuple[str, int], tuple[int, str]]:
    rows = footfall_queries.list_footfall(Door.code.in_(["N1", "S2"]))
    return {(door.code, one.hour): (one.visitors, one.source) for one, door in rows}


@pytest.mark.no_database
@pytest.mark.parametrize("text, hour", [("9", 9), ("09:00", 9), ("9时", 9), ("09:00-10:00", 9), ("22点至23点", 22)])
def test_an_hour_is_read_as_counters_write_it(text: str, hour: int) -> None:
    assert footfall_rows.footfall_cells(now=clock.now())["hour"](text) == hour
