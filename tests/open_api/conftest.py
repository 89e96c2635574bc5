"""Callbacks for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wechat.gateway import Gateway
from tests.open_api import letters
from tests.open_api.letters import Post


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A sandbox whose callbacks are caught."""
    with letters.caught(tmp_path / "sandbox") as standing:
        yield standing


@pytest.fixture
def gateway(post: Post) -> Iterator[Gateway]:
    """A gateway to that sandbox."""
    built = post.platforms.gateway()
    yield built
    built.close()
