"""Policies of touches: from when one holds, and that the past stays."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.outreach.touch_rules import policy
from app.outreach.touch_rules.errors import InvalidPolicy, PolicyConflict
from app.outreach.touch_rules.rules import Policy
from tests.builders.identity import make_member
from tests.builders.outreach import allow, plan
from tests.outreach.claims import claim_due, touch
from tests.support.clock import StillClock


def test_a_published_policy_holds_from_its_moment(clock: StillClock) -> None:
    strict = Policy(marketing_cap=1, window=timedelta(days=14), quiet_from_minute=0, quiet_until_minute=0)
    tomorrow: datetime = clock.now + timedelta(days=1)
    policy.publish(strict, effective_from=tomorrow, by="运营", now=clock.now)
    assert policy.at(clock.now) == policy.DEFAULT
    assert policy.at(tomorrow) == strict
    member = make_member()
    clock.set(tomorrow)
    touch(member)
    allow(member)
    second = plan(member)
    assert claim_due() == []
    assert second.due_at == tomorrow + timedelta(days=14)


def test_two_policies_cannot_start_at_one_moment(clock: StillClock) -> None:
    tomorrow = clock.now + timedelta(days=1)
    first = policy.publish(policy.DEFAULT, effective_from=tomorrow, by="运营", now=clock.now)
    same = policy.publish(policy.DEFAULT, effective_from=tomorrow, by="别人", now=clock.now)
    assert (same.id, same.is_new) == (first.id, False)
    other = replace(policy.DEFAULT, marketing_cap=policy.DEFAULT.marketing_cap + 1)
    with pytest.raises(PolicyConflict):
        policy.publish(other, effective_from=tomorrow, by="运营", now=clock.now)
    assert [version.id for version in policy.list_versions()] == [first.id]


def test_a_policy_cannot_change_the_past(clock: StillClock) -> None:
    with pytest.raises(InvalidPolicy):
        policy.publish(policy.DEFAULT, effective_from=clock.now - timedelta(seconds=1), by="运营", now=clock.now)
