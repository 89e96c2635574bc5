"""What a merge takes along beside points and coupons, and what it leaves behind when it is undone."""

import pytest
from sqlalchemy import select

from app.access import audit
from app.benefits.coupons import queries as coupon_queries
from app.flows.members import merging
from app.flows.privacy import profiling
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand import queries as tags
from app.lifecycle.tags.by_hand.manual_tags import Giver
from app.outreach.consents import consents
from app.outreach.messages import queries as messages
from app.outreach.messages.models import MessageStatus, OutreachMessage
from app.purchases import queries as purchases
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.buying import buy
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.outreach import plan
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock


@pytest.fixture
def pair(clock: StillClock) -> tuple[Member, Member]:
    make_tiers()
    mall = make_mall()
    older = make_member(mall)
    clock.advance(days=1)
    return older, make_member(mall)


def merge(pair: tuple[Member, Member]) -> int:
    merge_id = merging.merge_members(pair[0].id, pair[1].id, now=clock.now())
    assert merge_id is not None
    return merge_id


def undo(merge_id: int) -> None:
    merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now())


def test_consents_and_what_is_planned_go_along_and_come_back(pair: tuple[Member, Member]) -> None:
    now = clock.now()
    for number in range(3):
        consents.refill(pair[1].id, template="benefit", fact=Fact("test", number), now=now)
    consents.refill(pair[0].id, template="benefit", fact=Fact("test"), now=now)
    key = plan(pair[1]).dedupe_key
    merge_id = merge(pair)
    assert stocks(pair) == [4, 0]
    assert planned(pair) == [[key], []]
    consents.reserve(pair[0].id, template="benefit", fact=Fact("sent", 1), now=now)
    consents.reserve(pair[0].id, template="benefit", fact=Fact("sent", 2), now=now)
    undo(merge_id)
    assert stocks(pair) == [0, 2]
    assert planned(pair) == [[], [key]]
    assert messages.list_stock_disagreements() == []


def stocks(pair: tuple[Member, Member]) -> list[int]:
    return [consents.stock(one.id)["benefit"] for one in pair]


def planned(pair: tuple[Member, Member]) -> list[list[str]]:
    return [
        list(
            db.session.scalars(
                select(OutreachMessage.dedupe_key).where(
                    OutreachMessage.member_id == one.id, OutreachMessage.status == MessageStatus.PLANNED.value
                )
            )
        )
        for one in pair
    ]


def test_what_was_bought_before_is_no_first_purchase_again(pair: tuple[Member, Member]) -> None:
    store = make_store(make_mall())
    buy(pair[1], store, clock.now(), 100).is_first = True
    db.session.flush()
    assert [purchases.has_first(one.id) for one in pair] == [False, True]
    merge(pair)
    assert purchases.has_first(pair[0].id)
    assert purchases.list_with_first([pair[0].id]) == {pair[0].id}


def test_what_went_back_is_no_more_among_the_survivors_coupons(pair: tuple[Member, Member]) -> None:
    make_coupon(pair[1], make_campaign(make_mall()))
    undo(merge(pair))
    shown = [
        len(coupon_queries.list_coupons(one.id, [one.id], status=status, now=clock.now()).items)
        for one in pair
        for status in ("usable", "used", "expired")
    ]
    assert shown == [0, 0, 0, 1, 0, 0]
    undo(merge(pair))
    assert coupon_queries.count_usable(pair[1].id, now=clock.now()) == 1


@pytest.mark.parametrize("off", [0, 1])
def test_who_wants_nothing_concluded_is_asked_for_both(pair: tuple[Member, Member], off: int) -> None:
    for member in pair:
        by = Giver(staff_id=7, name="陈岚", mall_id=member.home_mall_id)
        manual_tags.give(member.id, "爱猫人士", by, note="", now=clock.now())
    profiling.stop_profiling(pair[off].id, now=clock.now())
    merge(pair)
    ids = [member.id for member in pair]
    assert tags.list_of_member(ids, mall_id=pair[0].home_mall_id) == []
