"""A campaign's terms changed from a moment on: planned, shown, withdrawn until then, and in force from then on."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.benefits.campaigns.models import Campaign, CampaignRevision
from app.benefits.grants import grants, offering
from app.kernel.clock import MALL_ZONE
from app.kernel.db import db
from app.workers import upkeep as worker
from tests.builders.benefits import make_coupon
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.mall_console.conftest import Console, audited
from tests.mall_console.test_campaigns import OFFER, save
from tests.support.clock import StillClock

# The world's clock stands at ten in the morning of 2026-03-11.
LATER = {"seen": "1", "when": "later", "effective_day": "2026-03-12", "effective_time": "09:30"}
TERMS = OFFER | {"face": "30", "per_member_limit": "9"}


@pytest.fixture
def made(operations: Console, world: World) -> Campaign:
    operations.post(f"{world.base}/campaigns", **OFFER | {"per_member_limit": "9"})
    campaign = db.session.scalars(select(Campaign).where(Campaign.title == OFFER["title"])).one()
    grants.grant_on(world.mall.id, grants.JOIN, campaign.id, position=9)
    return campaign


def waiting() -> list[CampaignRevision]:
    return list(db.session.scalars(select(CampaignRevision)))


def faces(world: World, campaign: Campaign, clock: StillClock) -> tuple[int, int]:
    """What the campaign is shown to give, and what a coupon of it then gives."""
    offered = offering.list_available(world.mall.id, trigger=grants.JOIN, now=clock.now)
    shown = next(one.face_fen for one in offered if one.id == campaign.id)
    return shown, make_coupon(make_member(world.mall), campaign).face_fen


def test_terms_hold_from_their_moment_on_whether_or_not_a_worker_ran(
    operations: Console, world: World, made: Campaign, clock: StillClock
) -> None:
    page = f"{world.base}/campaigns/{made.public_id}"
    assert save(operations, page, **TERMS | LATER).location == page
    shown = operations.get(page).text
    assert "待生效的修改" in shown and "自 2026-03-12 09:30 起" in shown and "¥20</s> → <b>¥30" in shown
    assert f'{page}/edit"' not in shown
    assert audited("campaign.plan_revision").facts["effective_from"] == "2026-03-12 09:30"
    clock.set(datetime(2026, 3, 12, 9, 29, 59, tzinfo=MALL_ZONE))
    assert worker.take_over_revisions(limit=9) == 0 and faces(world, made, clock) == (2_000, 2_000)
    clock.advance(seconds=1)
    assert faces(world, made, clock) == (3_000, 3_000) and (made.version, made.face_fen) == (1, 2_000)
    assert [worker.take_over_revisions(limit=9) for _ in range(2)] == [1, 0]
    db.session.refresh(made)
    assert (made.version, made.face_fen, made.changes_at) == (2, 3_000, None) and waiting() == []
    assert faces(world, made, clock) == (3_000, 3_000)
    entry = audited("campaign.revise")
    assert (entry.actor_kind, entry.mall_id, entry.facts) == ("system", world.mall.id, {"version": 2})
    operations = Console.of(operations.client, operations.person)
    versions = operations.get(f"{page}?tab=versions").text
    assert "2026-03-12 09:30" in versions and "张岚" in versions and "待生效" not in versions


def test_a_change_is_withdrawn_until_its_moment_and_no_other_is_made_meanwhile(
    operations: Console, world: World, made: Campaign, clock: StillClock
) -> None:
    page = f"{world.base}/campaigns/{made.public_id}"
    save(operations, page, **TERMS | LATER)
    [planned] = waiting()
    for other in (LATER, {"seen": "1"}):
        save(operations, page, page=f"{page}/edit", **OFFER | {"face": "50"} | other)
        assert "已有一次排期的修改，请先撤回再改" in operations.get(f"{page}/edit").text
    withdrawing = f"{page}/revisions/{planned.id}/withdraw"
    assert operations.post(withdrawing).location == page
    assert waiting() == [] and "自 2026-03-12 09:30 起的修改已撤回" in operations.get(page).text
    assert audited("campaign.withdraw_revision").facts == {"effective_from": "2026-03-12 09:30"}
    save(operations, page, **TERMS | LATER)
    [planned] = waiting()
    clock.advance(days=2)
    operations = Console.of(operations.client, operations.person)
    assert "撤回这次修改" not in operations.get(page).text
    withdrawing = f"{page}/revisions/{planned.id}/withdraw"
    operations.post(withdrawing, page=page)
    assert "生效时间已过" in operations.get(page).text and waiting() == [planned]
    assert worker.take_over_revisions(limit=9) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"effective_time": "09:59", "effective_day": "2026-03-11"}, "要晚于现在"),
        ({"effective_day": "2026-03-10"}, "不能早于今天"),
        ({"effective_time": ""}, "请填写时间"),
        ({"effective_day": ""}, "请选择日期"),
        ({"when": "never"}, "请选择一项"),
    ],
)
def test_a_moment_that_is_none_is_refused_beside_its_field(
    operations: Console, world: World, made: Campaign, wrong: dict[str, str], said: str
) -> None:
    page = f"{world.base}/campaigns/{made.public_id}"
    assert save(operations, page, page=f"{page}/edit", **TERMS | LATER | wrong).location == f"{page}/edit"
    shown = operations.get(f"{page}/edit").text
    assert said in shown and 'value="30"' in shown and waiting() == []


def test_the_same_terms_are_not_planned(operations: Console, world: World, made: Campaign) -> None:
    page = f"{world.base}/campaigns/{made.public_id}"
    save(operations, page, **OFFER | {"per_member_limit": "9"} | LATER)
    assert "条款没有变化" in operations.get(page).text and waiting() == [] and made.changes_at is None
