"""The table of jobs."""

from datetime import datetime, timedelta

import pytest

from app.kernel.clock import MALL_ZONE
from jobs.schedule import JOBS, find_job

pytestmark = pytest.mark.no_database


def test_every_job_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(job.about.endswith(".") and job.when for job in JOBS)


def test_triggers_run_on_the_malls_wall_clock() -> None:
    assert {str(job.trigger.timezone) for job in JOBS} == {"Asia/Shanghai"}


def _next(name: str, after: datetime) -> datetime:
    job = find_job(name)
    assert job is not None
    fires: datetime = job.trigger.get_next_fire_time(None, after)
    return fires


def test_reminders_are_planned_at_ten_and_caught_up_until_eight_in_the_evening() -> None:
    night = datetime(2026, 3, 11, 2, 30, tzinfo=MALL_ZONE)
    fires = []
    while len(fires) < 12:
        fires.append(_next("plan_coupon_reminders", fires[-1] + timedelta(seconds=1) if fires else night))
    assert [fire.hour for fire in fires] == [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 10]


@pytest.mark.parametrize(("name", "time"), [("expire_points", "00:20"), ("prove_points", "03:00"), ("sweep", "04:00")])
def test_the_night_work_is_done_at_night(name: str, time: str) -> None:
    fires = _next(name, datetime(2026, 3, 11, 12, 0, tzinfo=MALL_ZONE))
    assert fires.strftime("%m-%d %H:%M") == f"03-12 {time}"


def test_due_messages_are_looked_for_every_few_seconds() -> None:
    now = datetime.now(MALL_ZONE)
    first = _next("send_messages", now)
    assert _next("send_messages", first + timedelta(milliseconds=1)) - first == timedelta(seconds=3)


def test_unknown_jobs_are_not_found() -> None:
    assert find_job("make_coffee") is None
