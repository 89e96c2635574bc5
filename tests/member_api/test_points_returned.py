"""Points that come back after their own last day: the member reads at the entry until when they are good."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.reasons import note
from app.kernel.wording import day_text
from app.points.expiry.models import Until
from app.points.expiry.rules import Policy
from app.points.ledger import ledger
from tests.builders.points import set_expiry
from tests.support.clock import StillClock
from tests.support.member_api import sign_in


def earn(member: Member, points: int, fact: str, clock: StillClock) -> None:
    ledger.accrue(member.id, points=points, reason=note("purchase"), fact=fact, now=clock.now)


def sums(client: FlaskClient, member: Member) -> dict[int, str | None]:
    """What is said of each entry on the phone, by its points."""
    page = sign_in(client, member).get("/members/me/points").get_json()
    return {one["points"]: one["sum"] for one in page["items"]}


def spend_late(member: Member, clock: StillClock, *, grace_days: int) -> None:
    """Of 1,100 points that are good for a month, and 50 that never run out, 1,120 are spent and come back too late."""
    today = app_clock.business_date(clock.now)
    set_expiry(Policy(Until.MONTHS, months=1, grace_days=grace_days), today)
    earn(member, 1_100, "month", clock)
    clock.advance(days=1)
    set_expiry(Policy(Until.NEVER, grace_days=grace_days), app_clock.business_date(clock.now))
    earn(member, 50, "ever", clock)
    ledger.redeem(member.id, points=1_120, reason=note("till"), fact="spent", now=clock.now)
    clock.advance(days=60)
    ledger.give_back(member.id, spent_fact="spent", reason=note("till_back"), fact="back", now=clock.now)


@pytest.mark.requirement("S3.8")
def test_those_that_were_over_have_their_days_of_grace(client: FlaskClient, member: Member, clock: StillClock) -> None:
    spend_late(member, clock, grace_days=30)
    until = app_clock.business_date(clock.now) + timedelta(days=30)
    assert sums(client, member)[1_120] == f"其中 1,100 积分退还时已到期，宽限至 {day_text(until)}"


def test_without_grace_they_are_said_to_be_gone(client: FlaskClient, member: Member, clock: StillClock) -> None:
    spend_late(member, clock, grace_days=0)
    assert sums(client, member)[1_120] == "其中 1,100 积分退还时已到期，不再恢复"


def test_where_all_of_them_were_over_no_part_is_named(client: FlaskClient, member: Member, clock: StillClock) -> None:
    earn(member, 100, "a", clock)
    ledger.redeem(member.id, points=40, reason=note("till"), fact="b", now=clock.now)
    clock.advance(days=800)
    ledger.give_back(member.id, spent_fact="b", reason=note("till_back"), fact="c", now=clock.now)
    assert (sums(client, member)[40] or "").startswith("退还时已到期，宽限至")


def test_of_what_comes_back_in_time_nothing_is_said(client: FlaskClient, member: Member, clock: StillClock) -> None:
    earn(member, 100, "a", clock)
    ledger.redeem(member.id, points=40, reason=note("till"), fact="b", now=clock.now)
    ledger.give_back(member.id, spent_fact="b", reason=note("till_back"), fact="c", now=clock.now)
    assert sums(client, member) == {100: None, -40: None, 40: None}
