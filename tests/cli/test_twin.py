"""`flask twin make`: the same people for the same numbers, rows of every kind, and what it refuses."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.behaviour.models import BehaviourEvent
from app.benefits.coupons.models import Redemption
from app.entrances.models import EntranceScan
from app.identity.models import Member
from app.kernel.db import db
from app.lifecycle.stages.models import MemberStage, StageChange
from app.malls.models import Mall
from app.parking.sessions.models import ParkingSession
from app.purchases.models import Purchase
from app.timeline.models import TimelineEvent
from app.workers.predictions import judging
from cli.twin import archetypes, lives, people, truth
from cli.twin.people import World
from tests.builders import identity, malls
from tests.builders.entrances import make_entrance
from tests.builders.parking import Ground, make_ground
from tests.support.clock import StillClock

WORLD = World(members=400, days=400, seed=7, last=date(2026, 3, 31))
END = datetime.fromisoformat("2026-03-31T20:00:00+08:00")
STORES = {"dining": 3, "fashion": 1, "kids": 1}


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    """A mall with a car park, two shops and an entrance."""
    ground = make_ground()
    make_entrance(ground.mall)
    for category in ("dining", "fashion"):
        store = malls.make_store(ground.mall, malls.make_merchant())
        store.category_code = category
    ground.store.category_code = "parking"
    db.session.flush()
    return ground


def _make(app: Flask, mall: Mall, folder: Path, *more: str) -> tuple[int, str]:
    words = ["twin", "make", "--members", "40", "--days", "120", "--seed", "3", "--mall", mall.code]
    done = app.test_cli_runner().invoke(args=[*words, "--truth", str(folder / "truth.csv"), *more])
    return done.exit_code, done.output


def _count(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_world_is_lived_the_same_way() -> None:
    def told(world: World) -> list[object]:
        cast = [people.person(world, number) for number in range(50)]
        return [(one, lives.live(world, one, STORES, END)) for one in cast]

    assert told(WORLD) == told(WORLD)
    assert told(WORLD) != told(replace(WORLD, seed=8))


def test_there_are_all_archetypes_and_causes_and_cards_plates_and_phones_are_each_ones_own() -> None:
    cast = [people.person(WORLD, number) for number in range(WORLD.members)]
    assert {one.archetype.name for one in cast} == {one.name for one in archetypes.read()}
    assert {one.cause for one in cast} == {"price", "scene_changed", "bad_experience", "interest_shifted", None}
    plates = [one.plate for one in cast if one.plate]
    for values in ([one.card_no for one in cast], [one.phone for one in cast], plates):
        assert len(values) == len(set(values))


def test_who_stays_away_buys_no_more_since_that_day_and_nothing_happens_after_the_end() -> None:
    for number in range(WORLD.members):
        one = people.person(WORLD, number)
        life = lives.live(WORLD, one, STORES, END)
        moments = [bought.at for bought in life.bought] + life.browsed + [stay.exited_at for stay in life.stays]
        assert all(moment < END for moment in moments)
        assert all(bought.amount_fen > 0 for bought in life.bought)
        if one.since is not None:
            assert all(bought.at.date() <= one.since for bought in life.bought)


def test_what_is_made_is_here_and_is_not_made_twice(app: Flask, ground: Ground, tmp_path: Path) -> None:
    code, said = _make(app, ground.mall, tmp_path)
    assert code == 0 and "40 members" in said
    for table in (Member, Purchase, Redemption, ParkingSession):
        assert _count(table)
    kinds = Counter(db.session.scalars(select(TimelineEvent.kind)))
    assert {"joined", "purchased", "coupon_claimed", "coupon_redeemed", "visited", "browsed"} <= set(kinds)
    by_scan = db.session.scalar(select(func.count(Member.join_entrance_id)))
    assert kinds["joined"] == 40 > by_scan == kinds["scanned"] - 2 > 20
    assert db.session.scalar(select(func.count(EntranceScan.joined_at))) == by_scan
    assert (scans := _count(EntranceScan)) > 40 + kinds["scanned"]
    acts = Counter(db.session.scalars(select(BehaviourEvent.kind)))
    assert acts["page"] > acts["open"] > acts["share"] > 0
    stages = Counter(db.session.scalars(select(MemberStage.stage)))
    assert stages.total() == 42 and stages["1"] == 2 and len(stages) >= 5
    assert db.session.scalar(select(func.count(StageChange.day.distinct()))) > 60
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert len(told) == 40 and set(told[0]) == {"card_no", "archetype", "cause", "since"}
    code, said = _make(app, ground.mall, tmp_path)
    assert code == 0 and "nobody new" in said
    assert (_count(TimelineEvent), _count(BehaviourEvent), _count(EntranceScan)) == (kinds.total(), acts.total(), scans)


def test_a_mall_of_others_is_left_alone_unless_said(app: Flask, ground: Ground, tmp_path: Path) -> None:
    identity.make_member(ground.mall)
    code, said = _make(app, ground.mall, tmp_path)
    assert code == 1 and "--among-others" in said


def test_a_mall_of_others_gets_them_beside_its_own_when_said(app: Flask, ground: Ground, tmp_path: Path) -> None:
    own = identity.make_member(ground.mall)
    assert _make(app, ground.mall, tmp_path, "--among-others")[0] == 0
    assert db.session.scalar(select(func.count()).where(Member.id != own.id, Member.joined_at.is_not(None))) == 40


def test_a_mall_without_shops_is_refused(app: Flask, tmp_path: Path) -> None:
    code, said = _make(app, malls.make_mall(), tmp_path)
    assert code == 1 and "no stores" in said


def test_history_ends_on_the_day_that_was_said(app: Flask, ground: Ground, clock: StillClock, tmp_path: Path) -> None:
    last = (clock.now - timedelta(days=30)).date()
    assert _make(app, ground.mall, tmp_path, "--last-day", last.isoformat())[0] == 0
    latest = db.session.scalar(select(func.max(TimelineEvent.occurred_at)))
    assert latest is not None and latest < clock.now - timedelta(days=29)


def test_causes_are_recognised_clearly_better_than_by_chance(app: Flask, ground: Ground, tmp_path: Path) -> None:
    code, said = _make(app, ground.mall, tmp_path, "--members", "250", "--days", "400")
    assert code == 0, said
    assert judging.judge_silences().judged > 50
    found = truth.compare(tmp_path / "truth.csv")
    assert found.named >= 15 and found.right >= 0.6 * found.named and found.right >= 1.5 * found.by_chance
    told = app.test_cli_runner().invoke(args=["twin", "truth", "--truth", str(tmp_path / "truth.csv")])
    assert told.exit_code == 0 and f"{found.right} of them rightly" in told.output
