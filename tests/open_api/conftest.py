"""A sandbox whose callbacks are caught; a till, a gate, a member and an entrance for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.entrances.models import Entrance
from app.identity.models import Member
from app.wechat.gateway import Gateway
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_member
from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_mall, make_rates, make_store
from tests.builders.parking import Ground, make_ground
from tests.builders.settlement import Contract
from tests.open_api import callbacks, receipts
from tests.open_api.callbacks import CallbackTrap
from tests.support.clock import StillClock


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[CallbackTrap]:
    """A sandbox whose callbacks are caught."""
    with callbacks.caught(tmp_path / "sandbox") as standing:
        yield standing


@pytest.fixture
def gateway(trap: CallbackTrap) -> Iterator[Gateway]:
    """A gateway to that sandbox."""
    built = trap.platforms.gateway()
    yield built
    built.close()


@pytest.fixture
def till(contract: Contract) -> Machine:
    return make_machine(contract.mall, "pos")


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    """A mall with a car park."""
    return make_ground()


@pytest.fixture
def gate(ground: Ground) -> Machine:
    return make_machine(ground.mall, "gate")


@pytest.fixture
def member(contract: Contract) -> Member:
    return make_member(contract.mall, phone=receipts.PHONE)


@pytest.fixture
def entrance(trap: CallbackTrap) -> Entrance:
    """A lift screen in a mall."""
    mall = make_mall(name="悦汇城")
    make_rates(mall, {make_store(mall): 20_000, make_store(mall): 5_000})
    return make_entrance(mall)
