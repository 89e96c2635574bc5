"""The time machine: a past date under a version of the rules, beside what was said then."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.kernel import clock as app_clock
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages.models import Stage
from app.workers.inquiries import answering
from app.workers.lifecycle import restating
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock


def test_before_the_first_night_there_is_nothing_to_go_back_to(operations: Console, world: World) -> None:
    assert "还没有分层数据" in operations.get(f"{world.base}/lifecycle/time-machine").text


def test_a_past_date_under_coming_rules_stands_beside_what_was_said_then(
    operations: Console, world: World, clock: StillClock
) -> None:
    member = make_member(world.mall)
    member.joined_at = member.created_at = clock.now - timedelta(days=95)
    make_path(member, (app_clock.business_date(member.joined_at), Stage.NEW))
    for night in (date(2026, 1, 31), date(2026, 3, 10)):
        make_night(night)
    coming = rule_sets.publish(
        replace(DEFAULT, warning_days=60), effective_from=date(2026, 4, 1), by="王芳", now=clock.now
    )
    here = f"{world.base}/lifecycle/time-machine"
    assert "2026-04-01 起的版本" in operations.get(here).text
    form = {"day": "2026-02-28", "since": "2026-01-31", "version": str(coming.id)}
    page = operations.get(operations.post(here, **form).location).text
    assert "1</b> 位会员的分层与当时不同" in page and "近期推算" not in page and "流失预警 60 天（现行 90 天）" in page
    listed = f"{world.base}/lifecycle/matrix/members/2026-01-31_2026-02-28_2_2"
    assert f'href="{listed}"' in page and member.public_id in operations.get(listed).text
    listed = operations.get(here).text.split("近期推算")[1].split("</table>")[0]
    assert "2026-02-28，从 2026-01-31 看变动；2026-04-01 起的版本" in listed
    assert "1 位会员的分层与当时不同" in listed and operations.person.name in listed and "已完成" in listed
    usual = operations.get(operations.post(here, **form | {"version": "default"}).location).text
    assert "0</b> 位会员的分层与当时不同" in usual and "与现行规则相同" in usual


def test_days_that_cannot_be_are_refused_beside_their_fields(operations: Console, world: World) -> None:
    make_night(date(2026, 3, 10))
    here = f"{world.base}/lifecycle/time-machine"
    operations.post(here, page=here, day="2026-03-11", since="2026-03-11", version="17")
    page = operations.get(here).text
    assert "最晚到 2026-03-10" in page and "要早于回到的日期" in page and "请选择一项" in page


@pytest.mark.parametrize(("day", "since"), [("2025-11-30", "2025-10-31"), ("2025-12-10", "2025-11-10")])
def test_where_no_day_is_named_moves_are_those_of_a_month(
    operations: Console, world: World, day: str, since: str
) -> None:
    make_night(date(2026, 3, 10))
    here = f"{world.base}/lifecycle/time-machine"
    fields = dict(re.findall(r'name="(day|since)"[^>]*value="([^"]*)"', operations.get(here).text))
    page = operations.get(operations.post(here, **fields | {"day": day, "version": "default"}).location).text
    recent = operations.get(here).text.split("近期推算")[1]
    assert f"{day}，从 {since} 看变动" in recent and f'value="{since}"' not in page
    other = operations.post(here, day=day, since="2025-10-07", version="default").location
    assert 'value="2025-10-07"' in operations.get(other).text


def test_where_nothing_was_said_the_date_is_restated_alone(
    operations: Console, world: World, clock: StillClock
) -> None:
    member = make_member(world.mall)
    member.joined_at = member.created_at = clock.now - timedelta(days=95)
    make_night(date(2026, 3, 10))
    here = f"{world.base}/lifecycle/time-machine"
    form = {"day": "2026-02-28", "since": "2026-01-31", "version": "default"}
    page = operations.get(operations.post(here, **form).location).text
    assert (
        "从 2026 年 3 月 10 日起才每天计算分层" in page and "与当时不同" not in page and "/matrix/members/" not in page
    )


def test_what_goes_on_in_the_background_is_found_again_in_the_list(
    operations: Console, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.lifecycle.restatements.freshness.AT_ONCE_BELOW", 0)
    make_night(date(2026, 1, 31))
    make_night(date(2026, 3, 10))
    here = f"{world.base}/lifecycle/time-machine"
    address = operations.post(here, day="2026-02-28", since="2026-01-31", version="default").location
    waiting = operations.get(here).text.split("近期推算")[1]
    assert f'href="{address}"' in waiting and "推算中" in waiting
    answering.work_at_once(restating.STEPS, address.rpartition("/")[2], seconds=60)
    done = operations.get(here).text.split("近期推算")[1]
    assert "已完成" in done and "与当时相同" in done
