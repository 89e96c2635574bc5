"""Turns of merchants: had alone, or shared by those who say so."""

from contextlib import AbstractContextManager, nullcontext

import pytest
from sqlalchemy import text

from app.kernel.db import db
from app.purchases import turns

_HELD = text("SELECT objid, mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() ORDER BY 1")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("saying", "mode"), [(nullcontext(), "ExclusiveLock"), (turns.shared(), "ShareLock")], ids=["alone", "shared"]
)
def test_who_shares_turns_keeps_out_those_who_want_them_alone(saying: AbstractContextManager[None], mode: str) -> None:
    with saying:
        turns.wait_for([901, 900])
    assert db.session.execute(_HELD).all() == [(900, mode), (901, mode)]
    turns.wait_for([902])
    assert db.session.execute(_HELD).all()[-1] == (902, "ExclusiveLock")
