"""Every bench, as small as it gets: the ground that it lays fits the schema, and what it measures works."""

import pytest

from script.benches import __main__ as benches
from tests.script.conftest import MIGRATED, same_ground

# These lay no rows of their own: they open the demo mall, or start and import the product.
WITHOUT_ROWS = {"lighthouse", "start", "weight", "wsgi"}
# This asks nothing of its own of the ground of `redemption`.
SAME_AS_REDEMPTION = {"readers"}
# These have a file of their own, for what else their rehearsal shows.
APART = {"join", "requests"}
REHEARSED = [
    "behaviour",
    "close",
    "expiry",
    "export",
    "import",
    "lifecycle",
    "matrix",
    "pages",
    "photos",
    "points-proof",
    "purchase",
    "redemption",
    "rehearsal",
    "segment",
]


@same_ground
@pytest.mark.parametrize("name", REHEARSED)
def test_a_bench_runs_on_its_smallest_ground(bench, name):
    benches.module(name).rehearse(bench, MIGRATED)


def test_no_bench_is_left_out():
    assert sorted({*REHEARSED, *APART, *SAME_AS_REDEMPTION, *WITHOUT_ROWS}) == benches.names()
