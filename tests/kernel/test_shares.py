"""A share is rounded once, however finely it is shown, and compared before it is rounded at all."""

import pytest

from app.kernel.money import Share
from app.web import filters

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Share(6, 13), "46.2%"),  # 46.1538: by way of 46.15 it was 46.1
        (Share(1_249, 10_000), "12.5%"),
        (Share(12_349, 100_000), "12.3%"),  # by way of 12.35 it was 12.4 or 12.3, as a float would have it
        (Share(0, 5), "0.0%"),
        (Share(-1, 8), "-12.5%"),
        (Share.of(0, 0), "—"),
        (Share.of(3, None), "—"),
    ],
)
def test_a_share_is_shown_in_tenths_of_a_per_cent(share: Share | None, shown: str) -> None:
    assert filters.share_text(share) == shown


def test_whole_per_cents_come_from_the_counts_too() -> None:
    assert (Share(4_496, 10_000).per_cent, Share(44_496, 100_000).per_cent) == (45, 44)
    assert Share(44_496, 100_000).bps == 4_450  # of which 44.5 and then 45 was made


def test_a_target_is_reached_by_the_counts() -> None:
    assert Share(3, 10).reaches(3_000)
    assert not Share(29_996, 100_000).reaches(3_000)
