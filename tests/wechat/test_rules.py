"""What error codes mean, and how long a token is used."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.platforms import refusals
from app.wechat.client import rules
from app.wechat.client.rules import Outcome

pytestmark = pytest.mark.no_database

NOON = datetime(2026, 3, 11, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (43101, Outcome.REFUSED),
        (43004, Outcome.REFUSED),
        (47003, Outcome.INVALID),
        (40037, Outcome.INVALID),
        (-1, Outcome.RETRY),
        (45009, Outcome.RETRY),
        (40001, Outcome.RETRY),
        (99999, Outcome.INVALID),
    ],
)
def test_a_refusal_means(code: int, outcome: Outcome) -> None:
    assert rules.outcome_of(refusals.meaning_of(refusals.MINI, code)) is outcome


@pytest.mark.parametrize(("life_s", "used_s"), [(7200, 7000), (300, 270), (10, 9)])
def test_a_token_is_used_until_shortly_before_its_end(life_s: int, used_s: int) -> None:
    end = NOON + timedelta(seconds=life_s)
    assert rules.renew_at(fetched_at=NOON, expires_at=end) == NOON + timedelta(seconds=used_s)
