"""Points that ran out, were given back, and run out again."""

from app.kernel.reasons import note
from app.points.ledger import ledger, queries
from tests.builders.identity import make_member
from tests.support.clock import StillClock


def test_a_lot_that_gets_points_back_after_its_day_runs_out_twice_on_one_day(clock: StillClock) -> None:
    member_id = make_member().id
    ledger.accrue(member_id, points=3, reason=note("purchase"), fact="a", now=clock.now)
    ledger.redeem(member_id, points=1, reason=note("parking"), fact="b", now=clock.now)
    clock.advance(days=800)
    assert ledger.expire(member_id, now=clock.now) == 2
    ledger.give_back(member_id, spent_fact="b", reason=note("parking"), fact="c", now=clock.now)
    assert ledger.expire(member_id, now=clock.now) == 1
    assert queries.get_balance(member_id).available_points == 0
