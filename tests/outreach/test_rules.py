"""When a message may go."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flows.outreach import COMPOSERS
from app.kernel import clock
from app.outreach.messages import rules
from app.outreach.messages.kinds import Purpose
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import Reason
from app.outreach.touch_rules import policy
from app.outreach.touch_rules import rules as touch_rules
from app.outreach.touch_rules.rules import Policy
from mall_console.outreach.messages import KINDS as KIND_TITLES

pytestmark = pytest.mark.no_database

BY_DEFAULT = policy.DEFAULT
MARKETING, SERVICE, PARKING = KINDS["win_back"], KINDS["points_arrived"], KINDS["parking"]
moments = st.integers(0, 365 * 24 * 3600).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
minutes = st.integers(0, 24 * 60 - 1)
policies = st.builds(
    Policy,
    marketing_cap=st.integers(0, 4),
    window=st.integers(1, 24 * 14).map(lambda hours: timedelta(hours=hours)),
    quiet_from_minute=minutes,
    quiet_until_minute=minutes,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in March 2026 on the mall's wall clock."""
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.MALL_ZONE)


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [(at(11, 20, 59), False), (at(11, 21), True), (at(12, 3), True), (at(12, 8, 59), True), (at(12, 9), False)],
)
def test_quiet_hours_begin_at_nine_in_the_evening_and_end_at_nine(moment: datetime, is_quiet: bool) -> None:
    assert touch_rules.is_quiet(moment, BY_DEFAULT) is is_quiet


def test_a_message_of_the_evening_waits_for_the_next_morning() -> None:
    assert touch_rules.next_loud(at(11, 22), BY_DEFAULT) == at(12, 9)


def test_a_message_of_the_small_hours_waits_for_the_same_morning() -> None:
    assert touch_rules.next_loud(at(12, 3), BY_DEFAULT) == at(12, 9)


def test_quiet_hours_within_one_day_work_as_well() -> None:
    noon = Policy(marketing_cap=2, window=timedelta(days=7), quiet_from_minute=12 * 60, quiet_until_minute=14 * 60)
    assert touch_rules.next_loud(at(11, 13), noon) == at(11, 14)
    assert touch_rules.next_loud(at(11, 15), noon) == at(11, 15)


@given(moment=moments, policy=policies)
def test_the_next_loud_moment_is_loud_and_the_first(moment: datetime, policy: Policy) -> None:
    loud = touch_rules.next_loud(moment, policy)
    assert moment <= loud <= moment + timedelta(days=1)
    assert not touch_rules.is_quiet(loud, policy)
    if loud > moment:
        assert touch_rules.is_quiet(moment, policy)
        assert touch_rules.is_quiet(loud - timedelta(minutes=1), policy) or loud - moment < timedelta(minutes=1)


@given(
    touches=st.lists(moments, max_size=8),
    now=moments,
    policy=policies.filter(lambda policy: policy.marketing_cap > 0),
)
def test_when_the_cap_is_free_one_more_touch_breaks_no_window(
    touches: list[datetime], now: datetime, policy: Policy
) -> None:
    past = [touch for touch in touches if touch <= now]
    free_at = touch_rules.cap_free_at(past, now=now, policy=policy)
    assert free_at is not None and free_at >= now
    assert sum(touch > free_at - policy.window for touch in past) < policy.marketing_cap
    if free_at > now:
        just_before = free_at - timedelta(microseconds=1)
        assert sum(touch > just_before - policy.window for touch in past) >= policy.marketing_cap


def test_a_cap_of_zero_is_never_free() -> None:
    nothing = Policy(marketing_cap=0, window=timedelta(days=7), quiet_from_minute=0, quiet_until_minute=0)
    assert touch_rules.cap_free_at([], now=at(11, 10), policy=nothing) is None


def test_a_touch_exactly_seven_days_old_no_longer_counts() -> None:
    touches = [at(4, 10), at(8, 10)]
    assert touch_rules.cap_free_at(touches, now=at(11, 9, 59), policy=BY_DEFAULT) == at(11, 10)
    assert touch_rules.cap_free_at(touches, now=at(11, 10), policy=BY_DEFAULT) == at(11, 10)


def _obstacle(kind: object, now: datetime, touches: list[datetime]) -> rules.Wait | None:
    return rules.obstacle(
        kind,  # type: ignore[arg-type]
        touches=touches,
        now=now,
        send_until=at(25, 0),
        policy=BY_DEFAULT,
    )


def test_a_full_cap_waits_until_it_is_free_and_loud() -> None:
    touches = [at(4, 8, 30), at(8, 20)]
    waits = _obstacle(MARKETING, at(10, 10), touches)
    assert waits == rules.Wait(Reason.WEEKLY_CAP, at(11, 9))


def test_service_messages_meet_no_cap() -> None:
    assert _obstacle(SERVICE, at(10, 10), [at(9, 10), at(9, 11), at(9, 12)]) is None


def test_at_night_a_notice_of_points_waits_and_one_of_parking_goes() -> None:
    assert _obstacle(SERVICE, at(10, 23), []) == rules.Wait(Reason.QUIET_HOURS, at(11, 9))
    assert _obstacle(PARKING, at(10, 23), []) is None


def test_what_is_too_late_is_never_sent() -> None:
    assert _obstacle(MARKETING, at(25, 10), []) == rules.Wait(Reason.TOO_LATE, None)


def test_the_table_says_which_is_which() -> None:
    marketing = {code for code, kind in KINDS.items() if kind.purpose is Purpose.MARKETING}
    assert marketing == {"coupon_expiring", "birthday", "win_back", "member_day", "content"}
    assert set(KINDS) - marketing == {
        "greeting", "points_arrived", "parking", "order", "security", "tier_loss", "receipt_decided",
    }  # fmt: skip
    assert all(KINDS[code].waits for code in marketing)


def test_default_policy_is_two_in_seven_days_and_quiet_from_nine_to_nine() -> None:
    assert (BY_DEFAULT.marketing_cap, BY_DEFAULT.window) == (2, timedelta(days=7))
    assert time(BY_DEFAULT.quiet_from_minute // 60) == time(21) and BY_DEFAULT.quiet_until_minute == 9 * 60


def _policy(cap: int = 2, days: float = 7, quiet_from: int = 21 * 60, quiet_until: int = 9 * 60) -> Policy:
    return Policy(
        marketing_cap=cap,
        window=timedelta(days=days),
        quiet_from_minute=quiet_from,
        quiet_until_minute=quiet_until,
    )


@pytest.mark.parametrize(
    "sensible",
    [_policy(), _policy(cap=0), _policy(cap=7), _policy(days=90), _policy(days=1 / 24, cap=1), _policy(quiet_until=0),
     _policy(quiet_from=0, quiet_until=0), _policy(quiet_from=13 * 60)],
)  # fmt: skip
def test_a_group_may_live_by_any_of_these(sensible: Policy) -> None:
    assert touch_rules.is_sensible(sensible)


@pytest.mark.parametrize(
    "nonsense",
    [_policy(cap=-1), _policy(cap=8), _policy(days=0), _policy(days=91), _policy(cap=2, days=1),
     _policy(quiet_from=24 * 60), _policy(quiet_until=-1), _policy(quiet_from=12 * 60 + 59)],
)  # fmt: skip
def test_more_than_one_a_day_or_hardly_a_loud_hour_is_nonsense(nonsense: Policy) -> None:
    assert not touch_rules.is_sensible(nonsense)


def test_looser_is_more_for_the_time_or_less_quiet() -> None:
    assert touch_rules.is_looser(_policy(cap=3), BY_DEFAULT) and touch_rules.is_looser(
        _policy(quiet_until=8 * 60), BY_DEFAULT
    )
    assert not touch_rules.is_looser(_policy(cap=4, days=14), BY_DEFAULT) and not touch_rules.is_looser(
        BY_DEFAULT, BY_DEFAULT
    )


def test_every_kind_of_message_has_its_title() -> None:
    assert KIND_TITLES.keys() == KINDS.keys()


def test_what_is_composed_late_has_a_composer_and_nothing_else_has() -> None:
    assert COMPOSERS.keys() == {code for code, kind in KINDS.items() if kind.composed_late}
