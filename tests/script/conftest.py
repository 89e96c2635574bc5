"""One PostgreSQL for all tests of benches, with a migrated database that they copy."""

from collections.abc import Iterator

import pytest

from script.benches.support.servers import Ground, ground
from script.supervisor.postgres import THROW_AWAY

MIGRATED = "migrated"
same_ground = pytest.mark.xdist_group("benches")  # on one worker: the database is built once


@pytest.fixture(scope="session")
def bench() -> Iterator[Ground]:
    """Rows and counts are the same where no commit waits for the disk."""
    with ground(**THROW_AWAY) as made:
        made.migrated(MIGRATED)
        yield made
