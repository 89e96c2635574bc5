"""A twin with effects in a demo mall: earlier books that are settled, points and growth as of their days, profiles."""

from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges.models import CouponExchange
from app.identity.models import ConsentRecord
from app.identity.profiles import households
from app.identity.profiles.models import MemberHousehold, MemberProfile
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.payment import gate_messages
from app.parking.payment.models import ParkingPayment, ParkingWaiver
from app.parking.sessions.models import ParkingSession
from app.points.ledger import queries as points_queries
from app.points.ledger.models import PointsEntry
from app.points.till.models import PointsPayment
from app.purchases.models import Purchase
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger.models import Posting
from app.settlement.statements.models import Statement, StatementStatus
from app.tiers.growth.models import GrowthEntry
from app.web import terms
from cli.twin import profiles
from cli.twin.people import World, person
from mall_console.benefits import offers
from tests.builders import malls
from tests.builders.benefits import make_campaign
from tests.builders.machines import make_machine
from tests.builders.parking import HOURLY
from tests.builders.settlement import make_contract
from tests.support.clock import StillClock

WORLD = World(members=300, days=400, seed=5, last=date(2026, 3, 31))
JOINED = datetime.fromisoformat("2025-06-01T12:00:00+08:00")


@pytest.fixture
def made(app: Flask, clock: StillClock, tmp_path: Path) -> Mall:
    """Forty members of 120 days in the demo's large mall, whose contracts began last month."""
    households.ensure_document(now=clock.now)
    this_month = app_clock.first_of_month(app_clock.business_date(clock.now))
    mall = malls.make_mall(code="YH", created_at=app_clock.start_of_day(this_month))
    for category in ("dining", "fashion"):
        make_contract(mall, since=this_month).store.category_code = category
    _open_car_park(make_contract(mall, since=this_month).store)
    make_machine(mall, "pos")
    make_campaign(mall, title="茶", exchange_points=100)
    db.session.flush()
    words = ["twin", "make", "--members", "40", "--days", "120", "--seed", "97", "--effects", "then"]
    done = app.test_cli_runner().invoke(args=[*words, "--truth", str(tmp_path / "truth.csv")])
    assert done.exit_code == 0, done.output
    return mall


def _open_car_park(store: Store) -> None:
    store.category_code = "parking"
    gate = Gate("http://127.0.0.1:9", "secret")
    car_park = car_parks.open_car_park("P1", name="地下停车场", store=store, gate=gate, now=app_clock.now())
    tariffs.set_tariff(car_park.id, HOURLY, effective_from=app_clock.now())


def test_purchases_have_given_points_growth_and_postings_on_their_days(made: Mall) -> None:
    bought = select(Purchase).where(Purchase.refund_of_id.is_(None), Purchase.amount_fen >= 100)
    for one in db.session.scalars(bought).all():
        fact = f"purchase:{one.source}:{one.receipt_no}"
        points = db.session.scalars(
            select(PointsEntry).where(PointsEntry.member_id == one.member_id, PointsEntry.fact == fact)
        ).one()
        grown = db.session.scalars(
            select(GrowthEntry).where(GrowthEntry.member_id == one.member_id, GrowthEntry.fact == fact)
        ).one()
        assert points.points > 0 and points.occurred_at == grown.occurred_at == one.occurred_at
        days = db.session.scalars(select(Posting.business_day).where(Posting.fact == fact)).all()
        assert len(days) == 2 and set(days) == {app_clock.business_date(one.occurred_at)}


def test_some_pay_with_points_what_they_earned_before_and_the_books_agree(made: Mall) -> None:
    paid = db.session.scalars(select(PointsPayment)).all()
    assert len(paid) > 5 and {one.status for one in paid} == {"paid"}
    by_kind = select(PointsEntry.kind, func.sum(PointsEntry.points)).group_by(PointsEntry.kind)
    moved = dict(db.session.execute(by_kind).tuples().all())
    exchanged = db.session.scalars(select(CouponExchange)).all()
    parked = db.session.scalars(select(ParkingWaiver)).all()
    assert exchanged and parked
    assert moved["redeem"] == -sum(one.points for one in (*paid, *exchanged, *parked))
    assert 0.1 < -moved["redeem"] / moved["accrue"] < 0.6
    order = (PointsEntry.member_id, PointsEntry.id)
    rows = db.session.execute(select(PointsEntry.member_id, PointsEntry.occurred_at).order_by(*order)).all()
    assert rows == sorted(rows)  # balances run in the order of the days
    assert points_queries.list_disagreements() == []


def test_who_parks_with_points_has_left_and_no_gate_hears_of_it_today(made: Mall) -> None:
    rows = select(ParkingPayment, ParkingSession).join(ParkingSession, ParkingSession.id == ParkingPayment.session_id)
    paid = db.session.execute(rows).tuples().all()
    assert paid
    for payment, stay in paid:
        assert (payment.status, payment.cash_fen, payment.waived_fen) == ("paid", 0, stay.settled_fen)
        assert stay.entered_at < payment.created_at < stay.exited_at
    assert gate_messages.claim(now=app_clock.now(), limit=10) == []


def test_the_months_before_the_malls_own_story_are_confirmed_and_paid(made: Mall, clock: StillClock) -> None:
    this_month = app_clock.first_of_month(app_clock.business_date(clock.now))
    statements = db.session.scalars(select(Statement).order_by(Statement.period)).all()
    months = sorted({one.period for one in statements})
    assert len(months) >= 4 and months[-1] < this_month
    assert all(one.status == StatementStatus.PAID.value for one in statements) and len(statements) == 3 * len(months)
    assert db.session.scalar(select(func.min(ContractTerms.effective_from))) == months[0]


def test_members_have_told_of_themselves_and_of_children_with_consent(made: Mall) -> None:
    told = db.session.scalars(select(MemberProfile)).all()
    assert any(one.birth_month for one in told) and any(one.nearby for one in told)
    homes = set(db.session.scalars(select(MemberHousehold.member_id)))
    assert homes and homes == set(db.session.scalars(select(ConsentRecord.member_id)))


def test_the_form_takes_the_twins_campaigns_as_they_are(made: Mall) -> None:
    found = db.session.scalars(select(Campaign).where(Campaign.code.startswith("twin-"))).all()
    assert {one.code for one in found} == {"twin-dining", "twin-fashion"}
    for campaign in found:
        typed = offers.typed(campaign, ["S1"])
        for name in ("title", "summary", "face", "min_spend", "valid_days", "per_member_limit", "mall_share"):
            assert getattr(offers.OfferForm, name).read(str(typed[name])) is not None
        for said in (campaign.title, campaign.summary):
            assert said and terms.contradiction(said, min_spend_fen=campaign.min_spend_fen, all_stores=False) is None


def test_families_tell_of_children_and_who_moved_of_nothing_near() -> None:
    cast = [person(WORLD, number) for number in range(WORLD.members)]
    told = [(one, profiles.profile(WORLD, one)) for one in cast]
    assert told == [(one, profiles.profile(WORLD, one)) for one in cast]

    def share(of: list[bool]) -> float:
        return sum(of) / len(of)

    families = [bool(said.children) for one, said in told if one.archetype.name == "family"]
    others = [bool(said.children) for one, said in told if one.archetype.name != "family"]
    assert share(families) > 2 * share(others)
    moved = [said.nearby == "neither" for one, said in told if one.cause == "scene_changed" and said.nearby]
    stayed = [said.nearby == "neither" for one, said in told if one.cause != "scene_changed" and said.nearby]
    assert share(moved) > 3 * share(stayed)


def test_who_moved_says_so_after_that_and_nobody_agrees_to_a_text_before_it_was_there() -> None:
    late = datetime.fromisoformat("2026-03-01T00:00:00+08:00")
    for number in range(WORLD.members):
        one = person(WORLD, number)
        said = profiles.profile(WORLD, one)
        at = profiles.told_at(WORLD, one, said, joined_at=JOINED, not_before=late)
        assert at >= (late if said.children is not None else JOINED)
        if said.nearby == "neither" and one.cause == "scene_changed" and one.since is not None:
            assert at > JOINED + (one.since - one.joined_on)
