"""The barrier and the phone at once: a stay has the free minutes of a tier once; and what would happen else."""

import threading
from datetime import date
from functools import partial

from flask import Flask
from sqlalchemy import select

from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Benefits, TierGives
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.kernel import clock
from app.kernel.db import atomic, db
from app.parking.payment import free_time
from app.parking.payment.errors import NothingDue, QuoteExpired, QuoteUsed
from app.parking.sessions import queries as sessions
from app.parking.sessions.errors import SessionNotFound
from app.parking.sessions.models import ParkingSession
from app.settlement.ledger.models import Posting
from tests.builders.parking import Ground, make_driver, make_ground
from tests.builders.tasks import make_tiers
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

FEE_FEN = 1_200


def make_scene() -> tuple[Ground, int, str]:
    """A car whose 100 minutes the member's tier makes free wholly, and that nobody has paid for."""
    with atomic():
        make_tiers()
        ground = make_ground()
        said = Benefits({"silver": TierGives(parking_minutes=120)})
        benefits.open_with(ground.mall.id, said, effective_from=date(2020, 1, 1), by="王", now=clock.now())
        member = make_driver(ground)
        return ground, member.id, ground.comes(minutes_ago=100).session.public_id


def postings() -> list[int]:
    return list(db.session.scalars(select(Posting.amount_fen).where(Posting.kind == "parking_tier")))


def stay() -> ParkingSession:
    return db.session.scalars(select(ParkingSession).execution_options(populate_existing=True)).one()


def test_the_barrier_and_the_phone_at_once_use_them_once(committed_app: Flask) -> None:
    ground, member_id, session_id = make_scene()
    with atomic():
        quote_id = parking.quote_stay(member_id, session_id, now=clock.now()).quote.public_id

    def leave(number: int) -> str:
        with atomic():
            return ground.leaves(event_id=f"out-{number}").action.value

    def pay() -> str:
        with atomic():
            wish = PaymentChoice(quote_id, [], 0)
            return parking.begin_payment(member_id, session_id, wish, payer=None, now=clock.now()).status

    results = race(committed_app, [partial(leave, 1), pay, partial(leave, 2), pay])
    refused = {type(one) for one in results if isinstance(one, Exception)}
    assert refused <= {NothingDue, QuoteExpired, QuoteUsed, SessionNotFound}
    assert winners(results).count("open") == 2
    with atomic():
        assert (stay().settled_fen, stay().tier_minutes, postings()) == (FEE_FEN, 120, [FEE_FEN])


def test_without_the_lock_of_the_stay_both_would_use_them(committed_app: Flask) -> None:
    """The control: both ask what the tier gives of the stay before either has written that it was given."""
    _, member_id, session_id = make_scene()
    looked = threading.Barrier(2)

    def use_unguarded() -> int:
        with atomic():
            parked = sessions.get_parked(member_id, session_id)
            given = free_time.of(member_id, parked, now=clock.now()).minutes
            looked.wait(PATIENCE_S)
            parked.session.tier_minutes = given
            return given

    assert winners(race(committed_app, [use_unguarded] * 2)) == [120, 120]
    with atomic():
        assert stay().tier_minutes == 120
