"""The gateway against a live sandbox."""

from collections.abc import Iterator

import pytest

from app.wechat.gateway import Gateway
from tests.support.platforms import Platforms


@pytest.fixture
def gateway(platforms: Platforms) -> Iterator[Gateway]:
    """A gateway to that sandbox."""
    built = platforms.gateway()
    yield built
    built.close()
