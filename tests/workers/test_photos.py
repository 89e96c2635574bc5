"""Photographs are read by program where one is installed; without it nothing waits for it."""

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.purchases.photos.models import ReceiptPhoto
from app.workers.photos import reading
from tests.builders.identity import make_member
from tests.builders.photos import send_photo
from tests.builders.settlement import make_contract
from tests.support.clock import StillClock


def test_without_the_engine_photographs_wait_for_people_alone(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_photo(make_member(make_contract().mall))
    monkeypatch.setattr(reading, "ENGINE", "no_engine_of_this_name")
    assert reading.read_photos(limit=4) == 0
    assert db.session.scalars(select(ReceiptPhoto.read_at)).all() == [None]


def test_a_photograph_on_which_nothing_can_be_read_is_tried_once(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_photo(make_member(make_contract().mall))
    monkeypatch.setattr(reading, "ENGINE", "json")  # is there; the process ends without it, or reads grey bars
    assert (reading.read_photos(limit=4), reading.read_photos(limit=4)) == (1, 0)
    row = db.session.execute(select(ReceiptPhoto.read_at, ReceiptPhoto.proposal)).one()
    assert tuple(row) == (clock.now, None)
