"""Callbacks for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wechat.gateway import Gateway
from tests.open_api import callbacks
from tests.open_api.callbacks import CallbackTrap


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
