"""A request that waits for a platform has no transaction open, so it holds up no connection and no vacuum."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from app.identity.models import Member
from app.kernel.db import atomic, db
from app.kernel.request_slots import given_up
from app.web.request_bodies import WholeBodies
from app.web.request_slots import InRequestSlots
from tests.builders.identity import make_visitor


def in_slot(app: Flask, act: Any) -> None:
    """Do something the way a request does it."""
    with app.app_context():
        bodies = app.wsgi_app
        assert isinstance(bodies, WholeBodies)
        in_slots = bodies.application
        assert isinstance(in_slots, InRequestSlots)
        with in_slots.slots.taken():
            act()


def test_reading_ends_before_a_platform_is_waited_for(committed_app: Flask, count_statements: Any) -> None:
    with atomic():
        public_id = make_visitor().public_id

    def act() -> None:
        member = db.session.scalars(select(Member).where(Member.public_id == public_id)).one()
        assert db.session().in_transaction()
        with given_up():
            assert not db.session().in_transaction()
        with count_statements() as seen:
            assert (member.public_id, member.status) == (public_id, "visitor")
        assert seen == []  # what was read is still there

    in_slot(committed_app, act)


def test_a_unit_of_work_goes_on(committed_app: Flask) -> None:
    def act() -> None:
        with atomic():
            made_id = make_visitor().id
            with given_up():
                assert db.session().in_transaction()
            db.session.rollback()
            assert db.session.get(Member, made_id) is None

    in_slot(committed_app, act)
