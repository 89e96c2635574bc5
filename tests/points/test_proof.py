"""The nightly proof of points: it finds every kind of fault, names whose it is, and keeps what it found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.cases.models import SETTLED_ITSELF, Case
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import Reason, note
from app.points.ledger import adjustments, holds, ledger, transfers
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry, PointsHoldUse, PointsLot
from app.points.proof import proofs, queries, reading, ways
from app.points.proof.models import PointsDifference, PointsProof, Side
from app.points.proof.proofs import Proof
from app.points.proof.ways import Way
from app.workers.points import points
from tests.builders.identity import make_member
from tests.builders.malls import make_mall

NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def moment(db_session: object) -> Iterator[None]:
    with clock.freeze(NOW):
        yield


@pytest.fixture
def member() -> Member:
    """Somebody with every kind of entry."""
    mall = make_mall()
    one, other = make_member(), make_member()
    why: dict[str, Any] = {"reason": note("测试"), "now": NOW}
    long_ago = NOW - timedelta(days=800)
    ledger.accrue(one.id, points=70, fact="t:old", reason=note("测试"), now=long_ago, mall_id=mall.id)
    ledger.expire(one.id, now=NOW)
    earned = ledger.accrue(one.id, points=900, fact="t:1", mall_id=mall.id, **why)
    ledger.redeem(one.id, points=300, fact="t:2", mall_id=mall.id, **why)
    ledger.give_back(one.id, spent_fact="t:2", fact="t:3", **why)
    ledger.redeem(one.id, points=850, fact="t:4", mall_id=mall.id, **why)
    ledger.take_back(one.id, points=200, earned=earned, fact="t:5", **why)
    ledger.forgive(one.id, most=100, reason=Reason(ways.FORGIVEN), fact="t:6", now=NOW)
    adjustments.adjust(one.id, points=500, fact="t:7", mall_id=mall.id, **why)
    ledger.accrue(other.id, points=40, fact="t:8", mall_id=mall.id, **why)
    move = transfers.Move(
        giver_id=other.id, taker_id=one.id, reason=note("测试"), fact="t:9", debt_fact="t:10", now=NOW
    )
    transfers.move_all(move)
    gone = make_member()
    ledger.accrue(gone.id, points=25, fact="t:11", mall_id=mall.id, **why)
    ledger.forfeit(gone.id, fact="t:12", **why)
    return one


def prove() -> Proof:
    return points.prove_accounts()


def found(proof: Proof) -> list[tuple[Side, int | None, int, int]]:
    return [(one.side, one.member_id, one.expected, one.found) for one in proof.differences]


def case_of(member: Member) -> Case:
    return db.session.scalars(select(Case).where(Case.subject == f"points_account:{member.id}")).one()


@pytest.mark.requirement("S2.14")
def test_every_way_is_told_and_the_equation_holds(member: Member) -> None:
    proof = prove()
    assert proof.is_whole and proof.differences == []
    assert {way: proof.total(way) for way in Way} == {
        Way.ACCRUED: 70 + 900 + 40 + 25,
        Way.TAKEN_BACK: -200,
        Way.ADJUSTED: 500,
        Way.FORGIVEN: 100,
        Way.MOVED_IN: 40,
        Way.MOVED_OUT: -40,
        Way.SPENT: -300 - 850,
        Way.GIVEN_BACK: 300,
        Way.EXPIRED: -70,
        Way.FORFEITED: -25,
    }
    assert sum(proof.total(way) for way in Way) == proof.available_points + proof.held_points - proof.debt_points
    assert proof.lots_points == proof.available_points
    kept = queries.find_last()
    assert kept is not None
    assert (kept.day, kept.accounts, kept.entries, kept.differences) == (clock.business_date(NOW), 3, proof.entries, 0)
    assert queries.sums_of(kept.day)[Way.EXPIRED] == -70
    mall_id = db.session.scalars(select(PointsEntry.mall_id).where(PointsEntry.fact == "t:1")).one()
    assert mall_id is not None
    assert queries.sums_of(kept.day, mall_id=mall_id) == {
        Way.ACCRUED: 1035,
        Way.SPENT: -1150,
        Way.GIVEN_BACK: 300,
        Way.TAKEN_BACK: -200,
        Way.ADJUSTED: 500,
    }


def test_every_kind_of_entry_has_a_way() -> None:
    assert set(ways.kinds()) == set(EntryKind)


def test_a_balance_that_was_changed_by_hand_is_found_and_asked_about_until_it_is_right(member: Member) -> None:
    account = update(PointsAccount).where(PointsAccount.member_id == member.id)
    right = db.session.scalars(select(PointsAccount.available_points).where(PointsAccount.member_id == member.id)).one()
    db.session.execute(account.values(available_points=right + 7))
    for _ in range(2):
        assert found(prove()) == [
            (Side.ENTRIES, member.id, right, right + 7),
            (Side.LOTS, member.id, right, right + 7),
        ]
    case = case_of(member)
    assert (case.kind, case.reason, case.facts["found"]) == ("points_differ", "entries", right + 7)
    assert db.session.scalar(select(func.count()).select_from(PointsDifference)) == 2
    db.session.execute(account.values(available_points=right))
    assert prove().is_whole
    db.session.expire_all()
    assert case_of(member).outcome == SETTLED_ITSELF
    assert db.session.scalar(select(func.count()).select_from(PointsProof)) == 1
    assert db.session.scalar(select(func.count()).select_from(PointsDifference)) == 0


def test_a_debt_that_no_entry_explains_is_found(member: Member) -> None:
    before = prove().available_points
    db.session.execute(update(PointsAccount).where(PointsAccount.member_id == member.id).values(debt_points=3))
    assert found(prove()) == [(Side.ENTRIES, member.id, before, before - 3)]


def test_what_is_held_is_told_and_proved(member: Member) -> None:
    holds.hold(member.id, points=40, reason=note("测试"), fact="t:held", now=NOW, until=None)
    proof = prove()
    assert proof.is_whole
    assert proof.held_points == 40
    assert sum(proof.total(way) for way in Way) == proof.available_points + 40 - proof.debt_points
    db.session.execute(update(PointsHoldUse).values(points=PointsHoldUse.points - 1))
    assert found(prove()) == [(Side.HOLDS, member.id, 39, 40)]
    db.session.execute(update(PointsAccount).where(PointsAccount.member_id == member.id).values(held_points=41))
    assert (Side.HOLDS, member.id, 40, 41) in found(prove())
    db.session.expire_all()
    assert case_of(member).reason == "holds"


def test_a_lot_that_lost_points_is_found(member: Member) -> None:
    lot = select(func.max(PointsLot.id)).where(PointsLot.member_id == member.id, PointsLot.remaining_points > 0)
    before = prove().available_points
    lost = update(PointsLot).where(PointsLot.id == lot.scalar_subquery())
    db.session.execute(lost.values(remaining_points=PointsLot.remaining_points - 1))
    assert found(prove()) == [(Side.LOTS, member.id, before - 1, before)]


def test_an_entry_whose_balance_does_not_follow_is_found_by_its_number() -> None:
    member = make_member()
    for number in range(5):
        ledger.accrue(member.id, points=10, reason=note("测试"), fact=f"t:{number}", now=NOW)
    third = db.session.scalars(select(PointsEntry).where(PointsEntry.fact == "t:2")).one()
    write_entry(member, third, balance_after=31)
    (difference,) = prove().differences
    assert (difference.side, difference.member_id, difference.entry_id) == (Side.RUNNING, member.id, third.id)
    assert (difference.expected, difference.found) == (30, 31)


@pytest.mark.parametrize("off", [1, 1_000_000, 4_000_000_000])
def test_balances_that_are_wrong_by_opposite_amounts_are_found(off: int) -> None:
    """Of entries of equal points, whose sums tell nothing of it."""
    member = make_member()
    for number in range(4):
        ledger.accrue(member.id, points=50, reason=note("测试"), fact=f"t:{number}", now=NOW)
    for fact, balance in (("t:1", 100 + off), ("t:2", 150 - off)):
        entry = db.session.scalars(select(PointsEntry).where(PointsEntry.fact == fact)).one()
        write_entry(member, entry, balance_after=balance)
    (difference,) = prove().differences
    assert (difference.side, difference.member_id) == (Side.RUNNING, member.id)
    assert (difference.expected, difference.found) == (100, 100 + off)


def test_an_account_of_very_many_points_stops_no_proof(member: Member) -> None:
    many = 4_000_000_000_000
    db.session.execute(
        update(PointsAccount)
        .where(PointsAccount.member_id == member.id)
        .values(available_points=PointsAccount.available_points + many)
    )
    assert (Side.ENTRIES, member.id) in {(side, member_id) for side, member_id, *_ in found(prove())}


def test_an_entry_that_went_is_found(member: Member) -> None:
    other = make_member()
    ledger.accrue(other.id, points=10, reason=note("测试"), fact="t:a", now=NOW)
    ledger.accrue(other.id, points=20, reason=note("测试"), fact="t:b", now=NOW)
    entry = db.session.scalars(select(PointsEntry).where(PointsEntry.fact == "t:a")).one()
    write_entry(other, entry, gone=True)
    assert (Side.ENTRIES, other.id, 20, 30) in found(prove())


def test_entries_without_an_account_are_found() -> None:
    member = make_member()
    ledger.accrue(member.id, points=10, reason=note("测试"), fact="t:a", now=NOW)
    db.session.execute(delete(PointsAccount).where(PointsAccount.member_id == member.id))
    assert found(prove()) == [(Side.ACCOUNT, member.id, 10, 0)]


def test_members_are_proved_in_parts_and_nobody_is_left_out(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = prove()
    monkeypatch.setattr(reading, "RANGE", 1)
    last = make_member()
    ledger.accrue(last.id, points=10, reason=note("测试"), fact="t:a", now=NOW)
    db.session.execute(delete(PointsAccount).where(PointsAccount.member_id == last.id))
    proof = prove()
    assert found(proof) == [(Side.ACCOUNT, last.id, 10, 0)]
    assert (proof.accounts, proof.available_points, proof.lots_points) == (
        whole.accounts,
        whole.available_points,
        whole.lots_points,
    )


def test_points_that_moved_from_nobody_are_a_fault_of_the_whole() -> None:
    member = make_member()
    ledger.accrue(member.id, points=10, reason=note("测试"), fact="t:a", now=NOW, kind=EntryKind.MOVE)
    make_mall()
    assert found(prove()) == [(Side.WHOLE, None, 0, 10)]
    assert db.session.scalars(select(Case.reason).where(Case.subject == "points_account:whole")).one() == "whole"


def test_only_the_first_questions_are_asked_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MOST_CASES", 2)
    for _ in range(3):
        member = make_member()
        ledger.accrue(member.id, points=10, reason=note("测试"), fact="t:a", now=NOW)
        db.session.execute(update(PointsAccount).where(PointsAccount.member_id == member.id).values(debt_points=1))
    assert prove().differing == 3
    assert db.session.scalar(select(func.count()).select_from(Case).where(Case.kind == "points_differ")) == 2


def test_the_command_prints_the_equation_and_fails_where_it_does_not_hold(app: Flask, member: Member) -> None:
    done = app.test_cli_runner().invoke(args=["points", "prove"])
    assert done.exit_code == 0 and "everything adds up" in done.output and "+1,035" in done.output
    db.session.execute(update(PointsAccount).where(PointsAccount.member_id == member.id).values(debt_points=3))
    done = app.test_cli_runner().invoke(args=["points", "prove"])
    assert done.exit_code == 1 and f"DIFFERS entries: member {member.id}" in done.output


def write_entry(member: Member, entry: PointsEntry, *, balance_after: int = 0, gone: bool = False) -> None:
    """Change what may never change, past the trigger that refuses it."""
    db.session.flush()
    connection = db.session.connection()
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    this = (PointsEntry.member_id == member.id, PointsEntry.id == entry.id)
    if gone:
        connection.execute(delete(PointsEntry).where(*this))
    else:
        connection.execute(update(PointsEntry).where(*this).values(balance_after=balance_after))
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
