"""How much signs say together, and what is done about it."""

import pytest

from app.identity.duplicates import rules
from app.identity.duplicates.models import Outcome


@pytest.mark.requirement("S1.8")
@pytest.mark.parametrize(
    ("evidence", "against", "percent", "outcome"),
    [
        ({"plate"}, set(), 30, Outcome.FAINT),  # a household's car
        ({"device"}, set(), 35, Outcome.FAINT),  # a phone that was lent
        ({"plate", "device"}, set(), 54, Outcome.DOUBTFUL),
        ({"birthday"}, set(), 35, Outcome.FAINT),
        ({"birthdate", "birthday"}, set(), 60, Outcome.DOUBTFUL),  # not counted twice
        ({"card"}, set(), 60, Outcome.DOUBTFUL),
        ({"card"}, {"birthday_differs"}, 18, Outcome.FAINT),
        ({"card", "plate", "device", "birthdate"}, set(), 92, Outcome.DOUBTFUL),  # without a proof people decide
        ({"phone"}, {"birthday_differs"}, 100, Outcome.CERTAIN),
        ({"unionid"}, set(), 100, Outcome.CERTAIN),
    ],
)
def test_signs_add_up(evidence: set[str], against: set[str], percent: int, outcome: Outcome) -> None:
    confidence = rules.confidence_bps(evidence, against)
    assert (confidence // 100, rules.verdict(confidence, evidence)) == (percent, outcome)


def test_another_sign_or_another_value_is_news() -> None:
    assert rules.is_news({"plate": 2}, {"plate": 1})
    assert rules.is_news({"plate": 1, "device": 1}, {"plate": 1})
    assert not rules.is_news({"plate": 1}, {"plate": 1, "device": 1})
