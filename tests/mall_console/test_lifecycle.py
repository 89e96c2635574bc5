"""The stages of a mall's members: the picture, and the members behind its numbers with their reasons."""

from datetime import timedelta

from app.kernel import clock as app_clock
from app.lifecycle.stages.models import Stage
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock


def test_before_the_first_night_the_page_says_when_there_will_be_something(operations: Console, world: World) -> None:
    assert "还没有分层数据" in operations.get(f"{world.base}/lifecycle").text


def test_every_number_leads_to_its_members_with_their_reasons(
    operations: Console, world: World, clock: StillClock
) -> None:
    today = app_clock.business_date(clock.now)
    joined, bought, night = (today - timedelta(days=days) for days in (20, 5, 1))
    member = make_member(world.mall)
    make_path(member, (joined, Stage.NEW), (bought, Stage.FIRST))
    other = make_member(world.mall)
    make_path(other, (joined, Stage.NEW))
    make_night(night)
    page = operations.get(f"{world.base}/lifecycle")
    assert "中位 15 天" in page.text and "50.0%" in page.text
    listed = operations.get(f"{world.base}/lifecycle/members?stage=3").text
    assert member.public_id in listed and "4 天前消费" in listed and other.public_id not in listed
    moved = operations.get(f"{world.base}/lifecycle/moves?new=3&day_from={bought}&day_to={night}").text
    assert member.public_id in moved and "当天消费" in moved and other.public_id not in moved
