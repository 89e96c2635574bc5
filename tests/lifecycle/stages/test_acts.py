"""Joining and the first purchase move a member at once, by every way in; the night finds nothing to add."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.access import audit
from app.flows import purchases
from app.flows.consequences.effects import Effects
from app.flows.history import members as member_history
from app.flows.history import receipts as receipt_history
from app.flows.members import joining, merging
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.insights.questions import stages
from app.kernel.clock import business_date
from app.kernel.db import db, table_of
from app.lifecycle.stages import acts, moved
from app.lifecycle.stages.models import MemberStage, Stage, StageChange
from app.purchases.rules import Receipt
from app.workers.lifecycle import night_runs
from tests.builders.identity import make_consent_document, make_member, make_visitor
from tests.builders.settlement import Contract, make_contract
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    make_tiers()
    make_consent_document()
    return make_contract()


def join(contract: Contract, clock: StillClock, *, is_known: bool = False) -> Member:
    visitor = make_visitor(contract.mall)
    if is_known:
        clock.advance(days=1)
        night_runs.run_nights(now=clock.now)
    return joining.join_member(
        visitor.id, consent_version="v1", phone="13900001111", channel="test", arrival=None, now=clock.now
    ).member


def bring_in(contract: Contract, clock: StillClock, *, days_ago: int = 0) -> None:
    joined_at = clock.now - timedelta(days=days_ago)
    person = member_history.Incoming(card_no="C-1", phone="13900002222", name="", joined_at=joined_at)
    member_history.load([person], home_mall_id=contract.mall.id, effects=Effects.NONE, now=clock.now)


def receipt(contract: Contract, clock: StillClock, number: int, *, days_ago: int = 0, fen: int = 8_800) -> Receipt:
    return Receipt(
        source="pos",
        receipt_no=f"R{number}",
        store_code=contract.store.code,
        occurred_at=clock.now - timedelta(days=days_ago),
        amount_fen=fen,
    )


def one_by_one(contract: Contract, clock: StillClock, card_no: str, brought: list[Receipt]) -> None:
    for one in brought:
        purchases.record_purchase(one, contract.store, Buyer(card_no=card_no), now=clock.now)


def in_bulk(contract: Contract, clock: StillClock, card_no: str, brought: list[Receipt]) -> None:
    batch = [receipt_history.Incoming(one, card_no) for one in brought]
    receipt_history.load(batch, effects=Effects.LEDGER, now=clock.now)


def changes() -> list[tuple[Any, ...]]:
    one = StageChange
    return [
        (row.old_stage, row.stage, row.activity, row.why, row.night_id is None)
        for row in db.session.scalars(select(one).order_by(one.member_id, one.id))
    ]


JOINED = ("", "2", "active", "joined", True)
BOUGHT = ("2", "3", "active", "bought", True)


def test_who_joins_is_a_new_member_at_once(contract: Contract, clock: StillClock) -> None:
    member = join(contract, clock)
    stands = db.session.get_one(MemberStage, member.id)
    assert (stands.stage, stands.since, stands.home_mall_id) == ("2", clock.now.date(), contract.mall.id)
    assert changes() == [JOINED]


def test_a_visitor_who_joins_was_one(contract: Contract, clock: StillClock) -> None:
    join(contract, clock, is_known=True)
    assert changes() == [("", "1", "active", "seen", False), ("1", "2", "active", "joined", True)]


@pytest.mark.parametrize("bring", [one_by_one, in_bulk])
def test_the_first_purchase_moves_at_once_and_once(
    contract: Contract, clock: StillClock, bring: Callable[..., None]
) -> None:
    member = join(contract, clock)
    bring(contract, clock, member.card_no, [receipt(contract, clock, number) for number in (1, 2)])
    assert changes() == [JOINED, BOUGHT]
    kept = db.session.scalars(select(StageChange).where(StageChange.why == "bought")).one()
    assert {name: getattr(kept, name) for name in ("last_purchase_on", "last_presence_on", "purchases")} == {
        "last_purchase_on": clock.now.date(),
        "last_presence_on": clock.now.date(),
        "purchases": 0,
    }


@pytest.mark.parametrize("bring", [one_by_one, in_bulk])
def test_what_is_told_late_moves_nobody_before_the_night(
    contract: Contract, clock: StillClock, bring: Callable[..., None]
) -> None:
    member = join(contract, clock)
    bring(contract, clock, member.card_no, [receipt(contract, clock, 1, days_ago=3)])
    assert changes() == [JOINED]


def test_who_is_brought_in_as_joining_today_is_new_at_once(contract: Contract, clock: StillClock) -> None:
    bring_in(contract, clock)
    assert changes() == [JOINED]


def test_who_is_brought_in_out_of_history_waits_for_the_night(contract: Contract, clock: StillClock) -> None:
    bring_in(contract, clock, days_ago=100)
    assert changes() == []
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert [row[:2] for row in changes()] == [("", "6-sleeping")]


def test_the_night_adds_the_day_once_and_finds_who_moved_where_they_belong(
    contract: Contract, clock: StillClock
) -> None:
    member = join(contract, clock)
    one_by_one(contract, clock, str(member.card_no), [receipt(contract, clock, 1)])
    for _ in range(2):
        clock.advance(days=1)
        night_runs.run_nights(now=clock.now)
    stands = db.session.get_one(MemberStage, member.id, populate_existing=True)
    assert (stands.purchases, stands.recent_purchases, stands.monetary_fen) == (1, 1, 8_800)
    assert [row[1] for row in changes()] == ["2", "3", "5"]


def test_a_missed_night_leaves_who_was_moved_by_an_act_of_a_later_day(contract: Contract, clock: StillClock) -> None:
    make_visitor(contract.mall)
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    clock.advance(days=3)
    member = join(contract, clock)
    night_runs.run_nights(now=clock.now)
    assert db.session.get_one(MemberStage, member.id).stage == "2"
    assert [row[:2] for row in changes() if row[1] == "2"] == [("", "2")]


def test_whom_an_act_moved_the_night_of_its_day_judges_by_what_is_known_then(
    contract: Contract, clock: StillClock
) -> None:
    """Also after a night that was missed, and left them alone because the act was later."""
    member = join(contract, clock)
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    clock.advance(days=2)
    acts.buy_first([member.id], day=business_date(clock.now))
    night_runs.run_nights(now=clock.now)
    assert db.session.get_one(MemberStage, member.id, populate_existing=True).stage == "3"
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert db.session.get_one(MemberStage, member.id, populate_existing=True).stage == "2"


def test_who_is_found_to_be_another_stands_nowhere_at_once_and_again_when_they_are_two(
    contract: Contract, clock: StillClock
) -> None:
    older, younger = make_member(contract.mall), make_member(contract.mall)
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    merge_id = merging.merge_members(older.id, younger.id, now=clock.now)
    assert merge_id is not None
    assert standing() == {older.id: "2"}
    ended = db.session.scalars(select(StageChange).where(StageChange.why == "merged")).one()
    assert (ended.member_id, ended.old_stage, ended.stage, ended.day) == (younger.id, "2", "", clock.now.date())
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert standing() == {older.id: "2"}
    merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now)
    assert standing() == {older.id: "2", younger.id: "2"}


@pytest.mark.parametrize("nights", [0, 1, 2])
def test_who_is_not_another_after_all_stands_as_if_they_had_never_been_it(
    contract: Contract, clock: StillClock, nights: int
) -> None:
    older, younger = make_member(contract.mall), make_member(contract.mall)
    joined_on = clock.now.date()
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    before, stood = history(younger), all_of(younger)
    merge_id = merging.merge_members(older.id, younger.id, now=clock.now)
    assert merge_id is not None
    for _ in range(nights):
        clock.advance(days=1)
        night_runs.run_nights(now=clock.now)
    assert figures(contract.mall.id, joined_on, clock.now.date()) == ({("2", "2"): 1, ("2", ""): 1}, 1, {("2", ""): 1})
    assert merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now).stage == "2"
    untouched = ({("2", "2"): 2}, 2, {})
    assert (history(younger), all_of(younger)) == (before, stood)
    assert figures(contract.mall.id, joined_on, clock.now.date()) == untouched
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert (history(younger), stood["since"]) == (before, all_of(younger)["since"])
    assert figures(contract.mall.id, joined_on, clock.now.date()) == untouched


def test_what_was_bought_while_two_were_one_is_counted_by_the_next_night(contract: Contract, clock: StillClock) -> None:
    older, younger = make_member(contract.mall), make_member(contract.mall)
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    merge_id = merging.merge_members(older.id, younger.id, now=clock.now)
    assert merge_id is not None
    clock.advance(days=100)
    night_runs.run_nights(now=clock.now)
    merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now)
    assert standing()[younger.id] == "2"
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert standing()[younger.id] == standing()[older.id] != "2"
    assert [(one[1], one[2]) for one in history(younger)] == [("", "2"), ("2", standing()[younger.id])]


def test_who_was_one_before_any_night_saw_them_is_counted_by_the_next(contract: Contract, clock: StillClock) -> None:
    older, younger = make_member(contract.mall), make_member(contract.mall)
    merge_id = merging.merge_members(older.id, younger.id, now=clock.now)
    assert merge_id is not None
    assert merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now).stage is None
    assert standing() == {}
    clock.advance(days=1)
    night_runs.run_nights(now=clock.now)
    assert standing() == {older.id: "2", younger.id: "2"}


def history(member: Member) -> list[tuple[Any, ...]]:
    one = StageChange
    rows = select(one.day, one.old_stage, one.stage, one.activity, one.why).where(one.member_id == member.id)
    return [tuple(row) for row in db.session.execute(rows.order_by(one.id))]


def all_of(member: Member) -> dict[str, Any]:
    """The row of where a member stands."""
    table = table_of(MemberStage)
    return dict(db.session.execute(select(table).where(table.c.member_id == member.id)).mappings().one())


def figures(mall_id: int, since: date, until: date) -> tuple[Any, int, dict[tuple[str, str], int]]:
    """The matrix of the days, how many are new at their end, and the moves between them by the sums of each day."""
    moves = stages.list_moves(mall_id, first=since + timedelta(days=1), last=until).counts
    return (
        moved.count(since, until, mall_id=mall_id),
        stages.count_on(mall_id, until)[Stage.NEW],
        {pair: members for pair, members in moves.items() if members},
    )


def standing() -> dict[int, str]:
    rows = db.session.execute(select(MemberStage.member_id, MemberStage.stage).order_by(MemberStage.member_id))
    return dict(rows.tuples().all())
