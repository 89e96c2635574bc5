"""Keys rotate: everything sealed opens before, during and after, and the old key can go."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.access import staff_queries
from app.flows.privacy import resealing
from app.identity import members
from app.kernel.db import db
from app.kernel.security import crypto
from app.kernel.security.crypto import SealBroken
from app.kernel.settings import Settings
from tests.builders.identity import make_member
from tests.builders.staff import make_staff

PHONE = "13987654321"


@pytest.fixture
def rotated(settings: Settings) -> Iterator[Settings]:
    """Settings whose ring has got a second key."""
    number, _ = settings.data_keys[-1]
    yield replace(settings, data_keys=(*settings.data_keys, (number + 1, os.urandom(32))))
    crypto.configure(settings)


def _reseal() -> int:
    return sum(resealing.reseal_some(where) for where in resealing.COLUMNS)


def test_everything_is_sealed_anew_and_the_old_key_can_go(rotated: Settings) -> None:
    member, person = make_member(phone=PHONE), make_staff()
    staff_phone = crypto.unseal(person.phone_sealed, purpose=staff_queries.PHONE_PURPOSE)
    crypto.configure(rotated)
    assert members.phone_of(member) == PHONE
    assert _reseal() == 2
    assert _reseal() == 0
    crypto.configure(replace(rotated, data_keys=rotated.data_keys[-1:]))
    db.session.expire_all()
    assert members.phone_of(member) == PHONE
    assert crypto.unseal(person.phone_sealed, purpose=staff_queries.PHONE_PURPOSE) == staff_phone


def test_a_key_dropped_too_early_is_noticed_and_changes_nothing(rotated: Settings) -> None:
    member = make_member(phone=PHONE)
    before = member.phone_sealed
    crypto.configure(replace(rotated, data_keys=rotated.data_keys[-1:]))
    with pytest.raises(SealBroken):
        _reseal()
    db.session.refresh(member)
    assert member.phone_sealed == before
