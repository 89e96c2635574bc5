"""The stages of a mall's members: the picture, and the members behind its numbers with their reasons."""

import re
from datetime import date, timedelta

import pytest

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Cause
from app.lifecycle.stages import acts, day_flows
from app.lifecycle.stages.models import Stage
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.builders.malls import make_mall
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
    assert member.public_id in listed and "5 天前消费" in listed and other.public_id not in listed
    moved = operations.get(f"{world.base}/lifecycle/moves?new=3&day_from={bought}&day_to={night}").text
    assert member.public_id in moved and "当天消费" in moved and other.public_id not in moved


def test_who_left_since_counts_in_the_picture_alone_and_each_page_says_so(
    operations: Console, world: World, clock: StillClock
) -> None:
    night = app_clock.business_date(clock.now) - timedelta(days=1)
    stays, leaver = make_member(world.mall), make_member(world.mall)
    for member in (stays, leaver):
        make_path(member, (night, Stage.NEW))
    make_night(night)
    day_flows.leave([leaver.id], day=app_clock.business_date(clock.now))
    here = f"{world.base}/lifecycle"
    page = operations.get(f"{here}?day={night}").text
    assert "进入 2" in page and "含后来退会、被合并的会员" in page
    listed = operations.get(f"{here}/moves?new=2&day_from={night}&day_to={night}").text
    assert stays.public_id in listed and leaver.public_id not in listed
    assert "名单不含后来退会的会员；总览的进入、离开人数含后来退会、被合并的会员" in listed
    matrix = operations.get(f"{here}/matrix?from={night - timedelta(days=1)}&to={night}").text
    assert "不含后来退会的会员" in matrix


def stay_away(member: Member, cause: Cause, corrected: Cause | None = None) -> None:
    day = app_clock.business_date(app_clock.now())
    row = {"silent_since": day - timedelta(days=95), "confidence_bps": 5_000, "evidence": [], "judged_on": day}
    mall = {"member_id": member.id, "home_mall_id": member.home_mall_id}
    db.session.add(SleepCause(cause=cause, corrected_cause=corrected, **mall, **row))
    db.session.flush()


@pytest.mark.requirement("S0.44")
def test_each_cause_is_counted_and_leads_to_whoever_stays_away_for_it(
    operations: Console, world: World, other: World, clock: StillClock
) -> None:
    night = app_clock.business_date(clock.now) - timedelta(days=1)
    dear, moved, wronged, comes = (make_member(world.mall) for _ in range(4))
    for member in (dear, moved, wronged, comes, other.member):
        make_path(member, (night, Stage.SLEEPING))
    make_night(night)
    here = f"{world.base}/lifecycle"
    assert "沉睡原因" not in operations.get(here).text
    stay_away(dear, Cause.PRICE)
    stay_away(moved, Cause.PRICE, Cause.SCENE)
    stay_away(wronged, Cause.SCENE)
    stay_away(other.member, Cause.SCENE)

    shown = operations.get(here).text
    told = {cause: shown.split(f"/members?cause={cause.value}")[1].split("</a>")[0] for cause in Cause}
    listed = operations.get(f"{here}/members?cause=scene&stage=7").text

    counts = [
        re.findall(r'<b class="num">(\d+) 位</b>', told[cause]) for cause in (Cause.PRICE, Cause.SCENE, Cause.UNKNOWN)
    ]
    assert counts == [["1"], ["2"], ["0"]]
    assert moved.public_id in listed and wronged.public_id in listed and "生活场景变化" in listed
    assert not any(one.public_id in listed for one in (dear, comes, other.member))


@pytest.mark.parametrize("has_night", [True, False])
def test_who_bought_first_today_stands_there_because_of_it(
    operations: Console, world: World, clock: StillClock, has_night: bool
) -> None:
    today = app_clock.business_date(clock.now)
    member, other = make_member(world.mall), make_member(world.mall)
    if has_night:
        make_night(today - timedelta(days=1))
    acts.join([member.id, other.id], day=today)
    acts.buy_first([member.id], day=today)
    listed = operations.get(f"{world.base}/lifecycle/members?stage=3").text
    assert member.public_id in listed and "当天消费" in listed and "还没有消费" not in listed
    shown = operations.get(f"{world.base}/members/{member.public_id}").text
    assert "<b>当天消费</b>" in shown and "<b>当天入会，还没有消费</b>" not in shown
    assert "<b>当天入会，还没有消费</b>" in operations.get(f"{world.base}/members/{other.public_id}").text


@pytest.mark.requirement("S0.52")
def test_a_cell_of_the_matrix_opens_the_members_who_moved_so(
    operations: Console, world: World, clock: StillClock
) -> None:
    night = app_clock.business_date(clock.now) - timedelta(days=1)
    first, moved_on = night - timedelta(days=30), night - timedelta(days=3)
    moved, still = make_member(world.mall), make_member(world.mall)
    make_path(moved, (first, Stage.NEW), (moved_on, Stage.FIRST))
    make_path(still, (first, Stage.NEW))
    make_path(make_member(make_mall()), (first, Stage.NEW), (moved_on, Stage.FIRST))
    make_night(night)
    page = f"{world.base}/lifecycle/matrix"
    shown = operations.get(f"{page}?from={first}&to={night}").text
    assert shown.count("50.0%") >= 2
    risen = operations.get(f"{page}/members/{first}_{night}_2_3").text
    assert moved.public_id in risen and still.public_id not in risen and '共 <b class="num">1</b> 位' in risen
    stayed = operations.get(f"{page}/members/{first}_{night}_2_2").text
    assert still.public_id in stayed and moved.public_id not in stayed
    came = operations.get(f"{page}/members/{first - timedelta(days=1)}_{night}__3").text
    assert moved.public_id in came and still.public_id not in came
    table = operations.get(f"{page}?from={first}&to={night}&export=csv").text
    assert "新会员,已购会员,1,2,50.00%" in table


def test_days_of_a_matrix_that_cannot_be_are_said_beside_their_field(
    operations: Console, world: World, clock: StillClock
) -> None:
    night = app_clock.business_date(clock.now) - timedelta(days=1)
    make_path(make_member(world.mall), (night, Stage.NEW))
    make_night(night)
    page = f"{world.base}/lifecycle/matrix"
    assert f"只算到 {night}" in operations.get(f"{page}?to=2099-01-01").text
    reversed_days = operations.get(f"{page}?from={night}&to={night - timedelta(days=1)}").text
    assert "不能早于" in reversed_days and "日期有误，下面是" in reversed_days
    assert "日期有误" not in operations.get(page).text
    assert "请填写日期" in operations.get(f"{page}?from=gestern").text
    for key in (f"{night}_2099-01-01_2_3", f"{night}_{night}_2_9", f"{night}_{night}_2_", "x"):
        assert operations.get(f"{page}/members/{key}").status_code == 404


@pytest.mark.parametrize(
    ("night", "last_month", "this_month"),
    [
        (date(2026, 2, 28), "from=2026-01-31&amp;to=2026-02-28", None),
        (date(2026, 3, 1), "from=2026-01-31&amp;to=2026-02-28", "from=2026-02-28&amp;to=2026-03-01"),
        (date(2026, 3, 10), "from=2026-01-31&amp;to=2026-02-28", "from=2026-02-28&amp;to=2026-03-10"),
    ],
)
def test_the_last_month_is_the_last_that_is_over(
    operations: Console, world: World, night: date, last_month: str, this_month: str | None
) -> None:
    make_path(make_member(world.mall), (date(2026, 1, 5), Stage.NEW))
    make_night(night)
    page = operations.get(f"{world.base}/lifecycle/matrix").text
    assert f'{last_month}" aria-current="page">上月' in page or f'{last_month}">上月' in page
    assert ("本月至今" in page) is (this_month is not None) and (this_month or "") in page


def test_the_list_of_moves_says_until_when_they_are_worked_out(operations: Console, world: World) -> None:
    make_night(date(2026, 3, 8))
    page = operations.get(f"{world.base}/lifecycle/moves?day_from=2026-03-10&day_to=2026-03-10").text
    assert "分层算到 2026-03-08" in page


@pytest.fixture
def past(world: World, clock: StillClock) -> tuple[str, str]:
    """Who was new at the end of February and bought since, and who is new since then."""
    moved, later = make_member(world.mall), make_member(world.mall)
    make_path(moved, (date(2026, 2, 10), Stage.NEW), (date(2026, 3, 5), Stage.FIRST))
    make_path(later, (date(2026, 3, 6), Stage.NEW))
    for night in (date(2026, 2, 28), date(2026, 3, 10)):
        make_night(night)
    return moved.public_id, later.public_id


def test_a_past_day_leads_to_the_members_of_that_day(operations: Console, world: World, past: tuple[str, str]) -> None:
    moved, later = past
    here = f"{world.base}/lifecycle"
    of_day = f"{here}/matrix/members/2026-02-28_2026-02-28_2_2"
    shown = operations.get(f"{here}?day=2026-02-28").text
    assert f'href="{of_day}"' in shown and "/lifecycle/members?stage=" not in shown
    listed = operations.get(of_day).text
    assert moved in listed and later not in listed and "2026 年 2 月 28 日结束时的会员" in listed
    latest = operations.get(here).text
    assert f'href="{here}/members?stage=2"' in latest and "/matrix/members/" not in latest
    now = operations.get(f"{here}/members?stage=2").text
    assert later in now and moved not in now


def test_a_list_of_now_that_is_asked_for_a_day_leads_to_that_day(
    operations: Console, world: World, past: tuple[str, str]
) -> None:
    here = f"{world.base}/lifecycle"
    of_day = f"{here}/matrix/members/2026-02-28_2026-02-28_2_2"
    assert operations.get(f"{here}/members?stage=2&day=2026-02-28").location == of_day
    file = operations.get(f"{here}/members?stage=2&day=2026-02-28&export=csv").location
    assert file == f"{of_day}?export=csv" and operations.get(file).text.count("\n") == 2
    for wrong in ("stage=2&day=2026-02-30", "stage=2&day=2026-03-11", "stage=9&day=2026-02-28", "day=2026-02-28"):
        day = wrong.rpartition("=")[2]
        assert f"这里是现在的会员，没有 {day} 的名单" in operations.get(f"{here}/members?{wrong}").text
        assert operations.get(f"{here}/members?{wrong}&export=csv").status_code == 404


@pytest.mark.parametrize("asked", ["2026-02-30", "1900-01-01", "2999-01-01", "2026-03-11", "gestern"])
def test_a_day_that_cannot_be_shown_is_said(
    operations: Console, world: World, past: tuple[str, str], asked: str
) -> None:
    page = operations.get(f"{world.base}/lifecycle?day={asked}").text
    assert f"没有 {asked} 的分层，下面是 2026-03-10 的" in page and 'value="2026-03-10"' in page


def test_a_day_that_can_be_shown_is_shown_without_a_word(
    operations: Console, world: World, past: tuple[str, str]
) -> None:
    for day in ("2026-02-28", "2026-03-01", "2026-03-10"):
        page = operations.get(f"{world.base}/lifecycle?day={day}").text
        assert f'value="{day}"' in page and 'role="status"' not in page
    early = operations.get(f"{world.base}/lifecycle?day=2026-02-27").text
    assert "从 2026-02-28 起才每天计算分层，2026-02-27 没有当时的记录" in early
