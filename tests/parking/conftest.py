"""A car park to drive into."""

import pytest

from tests.builders.parking import Ground, make_ground
from tests.support.clock import StillClock


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    """A mall with a car park and the store that runs it."""
    return make_ground()
