"""Friends of one inviter who count at the same moment: one is paid once, and the month's cap holds; and without it."""

import threading
from datetime import date, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select

from app.flows.invitations import settling
from app.identity.queries import list_person_ids
from app.invitations import invitations, queries, rule_sets
from app.invitations.models import Status, Why
from app.invitations.rules import Rules
from app.kernel import clock
from app.kernel.db import atomic, db
from app.tiers.growth.models import GrowthEntry
from tests.builders.buying import buy
from tests.builders.identity import make_consent_document, make_member
from tests.builders.invitations import invitation_of, join_by, make_code
from tests.builders.malls import make_mall, make_store
from tests.support.races import PATIENCE_S, race

CALLERS = 4
AT_ONCE_AND_ONE = Rules(waiting_days=0, most_a_month=1)


def make_friends(count: int) -> tuple[int, list[int]]:
    """An inviter of whose friends one a month counts, and friends who have each just bought for the first time."""
    with atomic():
        mall, now = make_mall(), clock.now()
        store = make_store(mall)
        make_consent_document()
        rule_sets.open_with(mall.id, AT_ONCE_AND_ONE, effective_from=date(2020, 1, 1), by="王", now=now)
        inviter = make_member(mall)
        code = make_code(inviter, mall)
        friends = [join_by(code, mall) for _ in range(count)]
        for friend in friends:
            buy(friend, store, now, 1_000)
        return inviter.id, [friend.id for friend in friends]


def settle(inviter_id: int, member_id: int) -> bool:
    with atomic():
        return settling.settle_invitation(inviter_id, member_id, now=clock.now() + timedelta(minutes=1))


def count_growth(inviter_id: int) -> int:
    entries = select(GrowthEntry).where(GrowthEntry.reason_code == "invitation_growth")
    return len(db.session.scalars(entries.where(GrowthEntry.member_id == inviter_id)).all())


def test_a_friend_whom_many_look_at_is_paid_once(committed_app: Flask) -> None:
    inviter_id, [friend_id] = make_friends(1)
    race(committed_app, [partial(settle, inviter_id, friend_id)] * CALLERS)
    assert invitation_of(friend_id).status == Status.PAID.value
    assert count_growth(inviter_id) == 1


def test_of_two_first_purchases_at_once_one_counts_where_a_month_allows_one(committed_app: Flask) -> None:
    inviter_id, friends = make_friends(CALLERS)
    race(committed_app, [partial(settle, inviter_id, friend_id) for friend_id in friends])
    whys = sorted(str(invitation_of(one).why) for one in friends)
    assert whys == sorted(["None", *[Why.OVER_CAP.value] * (CALLERS - 1)])
    assert count_growth(inviter_id) == 1


def pay_unguarded(inviter_id: int, member_id: int, looked: threading.Barrier) -> None:
    """Counts and gives without holding the inviter: everybody has counted before anybody gives."""
    with atomic():
        invitation, now = queries.find(inviter_id, member_id), clock.now()
        assert invitation is not None
        since = now - timedelta(days=1)
        before = queries.count_paid(list_person_ids(inviter_id), invitation.mall_id, since=since, until=now)
        looked.wait(PATIENCE_S)
        if before < AT_ONCE_AND_ONE.most_a_month:
            invitations.act(invitation, "purchase", at=now, due_at=now)
            invitations.pay(invitation, points=0, growth=20, now=now)


def test_without_holding_the_inviter_all_of_them_count(committed_app: Flask) -> None:
    inviter_id, friends = make_friends(CALLERS)
    looked = threading.Barrier(CALLERS)
    race(committed_app, [partial(pay_unguarded, inviter_id, friend_id, looked) for friend_id in friends])
    assert [invitation_of(one).status for one in friends] == [Status.PAID.value] * CALLERS
