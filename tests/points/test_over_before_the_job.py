"""Points whose last day is over while no job has written them off: what is shown is what can be spent."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.flows.privacy import own_data
from app.identity.models import Member
from app.kernel.clock import MALL_ZONE
from app.kernel.reasons import note
from app.points.ledger import ledger, queries
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.queries import Balance
from member_api.kit import views
from tests.builders.identity import make_member
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock

MIDNIGHT = datetime(2027, 1, 1, tzinfo=MALL_ZONE)  # what was earned in 2025 is over
SECOND = timedelta(seconds=1)


@pytest.fixture
def member(clock: StillClock) -> Member:
    """With 500 points of 2025 and 70 of 2026, on the last evening of 2026."""
    make_tiers()
    owner = make_member()
    earn(owner, 500, datetime(2025, 6, 1, tzinfo=MALL_ZONE))
    earn(owner, 70, datetime(2026, 6, 1, tzinfo=MALL_ZONE))
    clock.set(MIDNIGHT - SECOND)
    return owner


def earn(member: Member, points: int, at: datetime) -> None:
    ledger.accrue(member.id, points=points, reason=note("得"), fact=f"test:{at:%Y}", now=at)


def spend(member: Member, points: int, at: datetime) -> None:
    ledger.redeem(member.id, points=points, reason=note("用"), fact="test:spent", now=at)


@pytest.mark.parametrize(("at", "points"), [(MIDNIGHT - SECOND, 570), (MIDNIGHT, 70)])
def test_at_any_second_of_the_years_turn_what_is_shown_can_be_spent_and_no_more(
    member: Member, at: datetime, points: int
) -> None:
    assert queries.get_balance(member.id, now=at).available_points == points
    assert views.member(member, now=at)["points"] == points
    with pytest.raises(InsufficientPoints):
        spend(member, points + 1, at)
    spend(member, points, at)
    assert queries.get_balance(member.id, now=at).available_points == 0
    assert queries.list_disagreements() == []


def test_what_runs_out_next_is_what_has_not_run_out(member: Member) -> None:
    before, after = (queries.get_balance(member.id, now=at) for at in (MIDNIGHT - SECOND, MIDNIGHT))
    assert before == Balance(570, 0, 0, 500, datetime(2026, 12, 31, tzinfo=MALL_ZONE).date())
    assert after == Balance(70, 0, 0, 70, datetime(2027, 12, 31, tzinfo=MALL_ZONE).date())
    ledger.expire(member.id, now=MIDNIGHT)
    assert queries.get_balance(member.id, now=MIDNIGHT) == after


def test_their_own_document_says_the_same(member: Member, clock: StillClock, tmp_path: Path) -> None:
    clock.set(MIDNIGHT)
    with (tmp_path / "mine.json").open("w+b") as out:
        own_data.write(member, out, words=lambda code, facts: code, now=clock.now)
        out.seek(0)
        text = out.read().decode()
    assert '"points": 70' in text
    assert '"expires_on": "2027-12-31"' in text
    assert '"expires_on": "2026-12-31"' not in text
