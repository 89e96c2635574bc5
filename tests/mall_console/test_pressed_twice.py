"""An act pressed twice, by two people or in two tabs, is one act: audited once, in the order in which it was done."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.access import audit
from app.access.models import AuditEntry
from app.kernel import clock as app_clock
from app.kernel.db import db
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock

SWITCHES: dict[str, tuple[str, str, Callable[[World], str]]] = {
    "machine": ("off", "on", lambda world: f"machines/{world.machine.client_id}"),
    "campaign": ("pause", "resume", lambda world: f"campaigns/{world.campaign.public_id}"),
    "entrance": ("off", "on", lambda world: f"entrances/{world.entrance.id}"),
    "car park": ("off", "on", lambda world: f"parking/car-parks/{world.car_park.code}"),
    "staff": ("off", "on", lambda world: f"staff/{world.clerk.public_id}"),
}


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("what", SWITCHES)
def test_a_switch_pressed_twice_is_audited_once(administrator: Console, world: World, what: str) -> None:
    off, on, place = SWITCHES[what]
    address = f"{world.base}/{place(world)}"
    before = entries()
    for number, switch in enumerate((off, on), 1):
        for _ in range(2):
            administrator.post(f"{address}/{switch}", page=f"{world.base}/home")
        assert entries() == before + number
        before = entries() - number


def test_an_entry_bears_the_moment_at_which_the_act_had_its_locks(clock: StillClock) -> None:
    began = app_clock.now()
    clock.advance(seconds=2)
    audit.record(audit.SYSTEM, action="member.search", subject="member:1", now=began)
    assert audited("member.search").at == app_clock.now()
