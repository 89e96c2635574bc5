"""What takes long to find out, on its page: how far it is while a worker is at it, and the answer once it is there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.access.models import Role
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.runs.inquiries import MOST_LISTED, Asker
from app.points.earning.rules import Rules
from app.points.rehearsals import rehearsals as earning_rehearsals
from app.tiers.ladders import ladders
from app.tiers.rehearsals import rehearsals as tier_rehearsals
from app.workers.inquiries import answering
from app.workers.inquiries.answering import Steps
from app.workers.points import rehearsing as earning_rehearsing
from app.workers.tiers import rehearsing as tier_rehearsing
from tests.builders.console import World
from tests.builders.lifecycle import make_night
from tests.builders.restatements import LADDER, PAST, TRIAL, earning_trial_of
from tests.mall_console.conftest import Console, SignIn


@dataclass(frozen=True)
class Asked:
    """An inquiry that nobody has begun to answer: its page, and what answers it."""

    page: str
    public_id: str
    steps: Steps[Any]


@pytest.fixture
def asked(request: pytest.FixtureRequest, world: World) -> Asked:
    """Of the kind that the test names."""
    now, by = clock.now(), Asker(staff_id=1, name="王芳", mall_id=world.mall.id)
    if request.param == "rules of earning":
        rules = earning_rehearsals.ask(Rules(), by=by, now=now)
        page = f"{world.base}/points/rules/rehearsals/{rules.public_id}"
        return Asked(page, rules.public_id, earning_rehearsing.STEPS)
    ladder = tier_rehearsals.ask(ladders.in_force(clock.business_date(now)), by=by, now=now)
    return Asked(f"{world.base}/tiers/rehearsals/{ladder.public_id}", ladder.public_id, tier_rehearsing.STEPS)


@pytest.mark.parametrize("asked", ["rules of earning", "a ladder"], indirect=True)
def test_a_page_follows_until_the_answer_is_there(administrator: Console, asked: Asked) -> None:
    page = administrator.get(asked.page).text
    assert "正在推演" in page and "推演完成后可以发布" in page and "王芳" in page
    part: dict[str, Any] = {"path": asked.page, "headers": {"HX-Request": "true"}}
    assert administrator.client.get(**part).text.count("正在推演") == 1
    answering.work_at_once(asked.steps, asked.public_id, seconds=60)
    assert administrator.client.get(**part).headers["HX-Refresh"] == "true"
    page = administrator.get(asked.page).text
    assert "正在推演" not in page and 'name="effective_from"' in page


def test_what_was_asked_in_a_mall_is_listed_and_read_there_only(enter: SignIn, world: World, other: World) -> None:
    make_night(clock.business_date(clock.now()) - timedelta(days=1))
    pages = {
        "/lifecycle/rules": f"/lifecycle/rules/trials/{TRIAL}",
        "/lifecycle/time-machine": f"/lifecycle/time-machine/{PAST}",
        "/tiers": f"/tiers/rehearsals/{LADDER}",
        "/points/rules": f"/points/rules/rehearsals/{earning_trial_of(world.mall)}",
    }
    here, there = (enter(Role.ADMINISTRATOR, Place(mall_id=one.mall.id)) for one in (world, other))
    for listed, page in pages.items():
        assert f'{world.base}{page}"' in here.get(f"{world.base}{listed}").text
        assert page not in there.get(f"{other.base}{listed}").text
        assert here.get(f"{world.base}{page}").status_code == 200
        assert there.get(f"{other.base}{page}").status_code == 404
    for one in (
        f"/lifecycle/restated/{TRIAL}_0_2_6-warning",
        f"/lifecycle/rules/new?from={TRIAL}",
        f"/tiers/new?from={LADDER}",
    ):
        assert here.get(f"{world.base}{one}").status_code == 200
        assert there.get(f"{other.base}{one}").status_code == 404


def test_other_malls_push_no_trial_out_and_read_what_led_to_a_ladder(
    enter: SignIn, administrator: Console, world: World, other: World
) -> None:
    now, page = clock.now(), f"/tiers/rehearsals/{LADDER}"
    ladder = ladders.in_force(clock.business_date(now))
    for number in range(MOST_LISTED):
        tier_rehearsals.ask(ladder, by=Asker(staff_id=number, name="李敏", mall_id=other.mall.id), now=now)
    assert page in administrator.get(f"{world.base}/tiers").text
    there = enter(Role.ADMINISTRATOR, Place(mall_id=other.mall.id))
    assert page not in there.get(f"{other.base}/tiers").text
    tomorrow = clock.business_date(now) + timedelta(days=1)
    tier_rehearsals.publish(world.mall.id, LADDER, effective_from=tomorrow, by="王芳", now=now)
    assert f'{page}">推演结果' in there.get(f"{other.base}/tiers").text
    assert there.get(f"{other.base}{page}").status_code == 200
