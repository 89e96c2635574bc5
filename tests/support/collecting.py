"""A part of the run: its workers read the tests' folders from different places on, and keep what they compiled.

What one of them has compiled the others need not; were all to begin at the first folder, each would compile everything.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


def pytest_configure(config: pytest.Config) -> None:
    known = getattr(config, "workerinput", None)
    if known is None or [Path(one).resolve() for one in config.args] != [TESTS]:
        return
    folders = sorted(str(one) for one in TESTS.iterdir() if any(one.rglob("test_*.py")))
    first = len(folders) * int(known["workerid"].removeprefix("gw")) // known["workercount"]
    config.args = [*folders[first:], *folders[:first]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All workers must have the same tests in the same order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path)
