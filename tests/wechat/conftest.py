"""The gateway against a live sandbox, with short time-outs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wechat.gateway import Gateway
from app.wechat.transport import Timeouts
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms

QUICK = Timeouts(connect_s=2.0, read_s=0.6, pause_s=0.01)


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox for this test alone."""
    with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused") as standing:
        yield standing


@pytest.fixture
def gateway(platforms: Platforms) -> Iterator[Gateway]:
    """A gateway to that sandbox."""
    built = Gateway.from_settings(platforms.settings, timeouts=QUICK)
    yield built
    built.close()
