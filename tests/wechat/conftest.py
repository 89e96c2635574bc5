"""The gateway against a live sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wechat.gateway import Gateway
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox for this test alone."""
    with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused") as standing:
        yield standing


@pytest.fixture
def gateway(platforms: Platforms) -> Iterator[Gateway]:
    """A gateway to that sandbox."""
    built = platforms.gateway()
    yield built
    built.close()
