"""What takes long to find out, on its page: how far it is while a worker is at it, and the answer once it is there."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.runs.inquiries import Asker
from app.points.earning.rules import Rules
from app.points.rehearsals import rehearsals as earning_rehearsals
from app.tiers.ladders import ladders
from app.tiers.rehearsals import rehearsals as tier_rehearsals
from app.workers.inquiries import answering
from app.workers.inquiries.answering import Steps
from app.workers.points import rehearsing as earning_rehearsing
from app.workers.tiers import rehearsing as tier_rehearsing
from tests.builders.console import World
from tests.mall_console.conftest import Console

BY = Asker(staff_id=1, name="王芳")


@dataclass(frozen=True)
class Asked:
    """An inquiry that nobody has begun to answer: its page, and what answers it."""

    page: str
    public_id: str
    steps: Steps[Any]


@pytest.fixture
def asked(request: pytest.FixtureRequest, world: World) -> Asked:
    """Of the kind that the test names."""
    now = clock.now()
    if request.param == "rules of earning":
        rules = earning_rehearsals.ask(world.mall.id, Rules(), by=BY, now=now)
        page = f"{world.base}/points/rules/rehearsals/{rules.public_id}"
        return Asked(page, rules.public_id, earning_rehearsing.STEPS)
    ladder = tier_rehearsals.ask(ladders.in_force(clock.business_date(now)), by=BY, now=now)
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
