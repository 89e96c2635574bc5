"""Imports in the background: what is foreseen is what happens, once, whoever dies or presses twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.imports import imports, pieces, sweeps
from app.imports.errors import ImportCleared, ImportMoved
from app.imports.models import Import, ImportPiece, Kind, Part, Status
from app.kernel.db import db
from app.purchases.models import InboxReceipt, Purchase
from app.workers.imports import running
from tests.builders.identity import make_member
from tests.builders.imports import again, check, csv_bytes, lay_out, read, run
from tests.builders.malls import make_mall
from tests.builders.settlement import Contract, make_contract
from tests.support.clock import StillClock

PURCHASE = ("source", "receipt_no", "store_code", "card_no", "occurred_at", "amount_fen", "refund_of")
MEMBER = ("card_no", "phone", "name", "joined_at")
STORE = ("store_code", "name", "merchant", "category", "floor")
AT = "2026-02-03 10:00:00"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what a file says earlier has come in an earlier batch."""
    monkeypatch.setattr(running, "BATCH_ROWS", 3)


def receipts(contract: Contract) -> list[tuple[object, ...]]:
    """Everything that can become of a receipt, in about two batches each."""
    card, another, store = make_member(contract.mall).card_no, make_member(contract.mall).card_no, contract.store.code
    other = make_contract(make_mall(code="OTHER")).store.code
    return [
        ("old", "R1", store, card, AT, 10_000, ""),
        ("old", "R2", store, "STRANGER", AT, 5_000, ""),
        ("old", "R1", store, card, AT, 10_000, ""),
        ("old", "R1", store, card, AT, 10_001, ""),
        ("old", "R3", "NOWHERE", card, AT, 1, ""),
        ("old", "R4", other, card, AT, 1, ""),
        ("old", "F1", store, "", AT, -4_000, "R1"),
        ("old", "R5", store, card, AT, 0, ""),
        ("old", "F2", store, "", AT, -6_001, "R1"),
        ("old", "F3", store, "", AT, -6_000, "R1"),
        ("old", "F4", store, "", AT, -1, "F1"),
        ("old", "F5", store, "", AT, -5_000, "R2"),
        ("old", "F6", store, "", AT, -1, "R2"),
        ("old", "F7", store, "", AT, -1, "GONE"),
        ("old", "R6", store, card, AT, -5, ""),
        ("old", "R7", store, card, "2025-11-11", 700, ""),
        ("old", "R7", store, card, "2025-11-11", 700, ""),
        ("old", "F1", store, "", AT, -4_000, "R1"),
        ("old", "R8", store, "#N/A", AT, 700, ""),
        ("old", "R9", store, card, AT, "7.50", ""),
        ("old", "R2", store, card, AT, 5_000, ""),
        ("old", "R2", store, another, AT, 5_000, ""),
        ("old", "R1", store, another, AT, 10_000, ""),
        ("old", "R1", store, "STRANGER", AT, 10_000, ""),
        ("old", "R1", store, "", AT, 10_000, ""),
    ]


@pytest.mark.parametrize("effects", ["none", "ledger"])
def test_what_is_foreseen_of_receipts_is_what_happens(contract: Contract, effects: str) -> None:
    found = read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, receipts(contract)))
    found = check(lay_out(found, effects=effects))
    foreseen, told = dict(found.foreseen), list(pieces.read_rows(found.id, Part.CHECKED))
    assert (found.status, foreseen["read"], foreseen["new"], foreseen["known"]) == (Status.CHECKED, 25, *NEW[effects])
    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 0
    done = run(found)
    assert done.status == Status.DONE and done.counts["seconds"] > 0
    assert {**done.counts, "seconds": 0} == {**foreseen, "seconds": 0}
    assert list(pieces.read_rows(found.id, Part.REJECTED)) == told
    assert len(told) == foreseen["rejected"]


NEW = {"none": (9, 4), "ledger": (8, 3)}


def test_what_is_here_already_is_foreseen_as_known_and_as_refunded(contract: Contract) -> None:
    rows = receipts(contract)[:2]
    run(check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows)))))
    store = contract.store.code
    another = make_member(contract.mall).card_no
    rows += [
        ("old", "R2", store, another, AT, 5_000, ""),
        ("old", "R2", store, rows[0][3], AT, 5_000, ""),
        ("old", "F1", store, "", AT, -4_000, "R1"),
        ("old", "F2", store, "", AT, -4_000, "R1"),
        ("old", "F3", store, "", AT, -4_000, "R1"),
        ("old", "F4", store, "", AT, -3_000, "R2"),
        ("old", "F5", store, "", AT, -3_000, "R2"),
        ("old", "R2", store, "", AT, 5_001, ""),
    ]
    found = check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows))))
    foreseen = dict(found.foreseen)
    assert (foreseen["known"], foreseen["new"], foreseen["waiting"], foreseen["rejected"]) == (2, 4, 0, 4)
    assert foreseen["causes"] == {"refund_exceeds_purchase": 2, "receipt_conflict": 1, "receipt_of_another": 1}
    assert {**run(found).counts, "seconds": 0} == {**foreseen, "seconds": 0}


def test_what_is_foreseen_of_members_is_what_happens(contract: Contract) -> None:
    here = make_member(contract.mall, phone="13900000001")
    rows = [
        ("C1", "13700000001", "王小明", "2019-05-01"),
        ("C2", "13700000001", "", "2019-05-01"),
        ("C1", "13700000001", "王小明", "2019-05-01"),
        ("C1", "13700000002", "", "2019-05-01"),
        ("C3", "13900000001", "", "2019-05-01"),
        (here.card_no, "13900000001", "", "2019-05-01"),
        (here.card_no, "13700000003", "", "2019-05-01"),
        ("6288000000009999", "13700000004", "", "2019-05-01"),
        ("C3", "13900000001", "无", "2019-05-01"),
        ("C4", "137", "", "2019-05-01"),
        ("C5", "13700000005", "NULL", "2019-05-01"),
    ]
    found = check(lay_out(read(contract.mall, Kind.MEMBERS, csv_bytes(MEMBER, rows)), effects="ledger"))
    foreseen, told = dict(found.foreseen), list(pieces.read_rows(found.id, Part.CHECKED))
    assert (foreseen["new"], foreseen["known"], foreseen["rejected"], foreseen["noted"]) == (4, 3, 4, 2)
    assert {**run(found).counts, "seconds": 0} == {**foreseen, "seconds": 0}
    assert list(pieces.read_rows(found.id, Part.REJECTED)) == told


def test_what_is_foreseen_of_stores_is_what_happens_and_nothing_is_kept_before(contract: Contract) -> None:
    rows = [
        ("S1", "火锅", "新商户", "dining", "4F"),
        ("S1", "火锅", "新商户", "dining", "4F"),
        ("S2", "奶茶", "新商户", "dining", "1F"),
        ("S2", "奶茶店", "新商户", "dining", "1F"),
        ("", "无码", "新商户", "dining", "1F"),
    ]
    terms = {
        "effective_from": "2026-03-01",
        "commission_bps": 500,
        "issue_price_fen": 50,
        "redeem_price_fen": 100,
    }
    found = check(lay_out(read(contract.mall, Kind.STORES, csv_bytes(STORE, rows)), effects="ledger", terms=terms))
    assert (found.foreseen["new"], found.foreseen["known"], found.foreseen["rejected"]) == (2, 1, 2)
    foreseen = dict(found.foreseen)
    assert {**run(found).counts, "seconds": 0} == {**foreseen, "seconds": 0}


def test_a_run_goes_on_behind_the_last_batch_and_nothing_comes_in_twice(
    contract: Contract, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("old", f"R{number}", contract.store.code, "", AT, 100, "") for number in range(10)]
    rows[4] = ("old", "BAD", contract.store.code, "", "never", 100, "")
    found = check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows))))
    imports.begin_run(found, now=clock.now)
    assert running.work_on_next(seconds=-1) and again(found).rows_done == 3  # a batch however little time there is
    keep, calls = pieces.keep_rows, []

    def dying(*arguments: object) -> None:
        calls.append(arguments)
        raise MemoryError

    monkeypatch.setattr(pieces, "keep_rows", dying)
    assert running.work_on_next() and calls
    monkeypatch.setattr(pieces, "keep_rows", keep)
    halfway = again(found)
    assert (halfway.rows_done, halfway.counts["new"], halfway.last_error) == (3, 3, "unexpected error")
    assert not running.work_on_next()  # the pause after a failure
    clock.advance(minutes=1)
    while running.work_on_next():
        pass
    done = again(found)
    assert (done.status, done.rows_done, done.counts["new"], done.counts["rejected"]) == (Status.DONE, 10, 9, 1)
    assert [row[0] for row in pieces.read_rows(found.id, Part.REJECTED)] == [6]
    assert db.session.scalar(select(func.count()).select_from(InboxReceipt)) == 9


def test_a_worker_that_was_slow_keeps_nothing_of_its_batch(contract: Contract, clock: StillClock) -> None:
    rows = [("old", f"R{number}", contract.store.code, "", AT, 100, "") for number in range(4)]
    found = check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows))))
    imports.begin_run(found, now=clock.now)
    slow = running.work.claim(running.work.RUNNERS, now=clock.now)
    assert slow is not None and not running.work_on_next()
    clock.advance(minutes=4)
    assert running.work_on_next()
    with pytest.raises(running.ClaimLost):
        running.work.note_progress(slow, rows_done=3, now=clock.now)
    assert again(found).counts["new"] == 4


def test_after_five_failures_it_is_people_s_turn(
    contract: Contract, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("old", "R1", contract.store.code, "", AT, 100, "")]
    found = check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows))))
    imports.begin_run(found, now=clock.now)
    for _ in range(6):
        running.work.claim(running.work.RUNNERS, now=clock.now)  # and its worker dies
        clock.advance(minutes=4)
    assert (again(found).status, again(found).problem) == (Status.FAILED, {"during": "running"})
    imports.resume(again(found), now=clock.now)
    assert running.work_on_next() and again(found).status == Status.DONE


def test_stopping_leaves_what_is_in_and_says_so(contract: Contract, clock: StillClock) -> None:
    rows = [("old", f"R{number}", contract.store.code, "", AT, 100, "") for number in range(6)]
    found = check(lay_out(read(contract.mall, Kind.PURCHASES, csv_bytes(PURCHASE, rows))))
    assert imports.begin_run(found, now=clock.now) and not imports.begin_run(found, now=clock.now)
    assert imports.cancel(found, now=clock.now) and found.status == Status.RUNNING
    assert running.work_on_next()
    found = again(found)
    assert (found.status, found.counts["new"], found.cancel_asked_at) == (Status.CANCELLED, 0, None)
    assert not imports.cancel(found, now=clock.now)
    with pytest.raises(ImportMoved):
        imports.begin_check(found, now=clock.now)
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import.stopped")).one().mall_id


def test_files_are_forgotten_after_two_weeks_and_what_waits_is_cancelled(contract: Contract, clock: StillClock) -> None:
    found = read(contract.mall, Kind.MEMBERS, csv_bytes(MEMBER, [("C1", "13700000001", "王小明", "2019-05-01")]))
    sealed = db.session.scalars(select(ImportPiece.sealed)).one()
    assert "王小明".encode() not in sealed and b"13700000001" not in sealed
    clock.advance(days=13)
    assert sweeps.forget_files(now=clock.now) == 0
    clock.advance(days=2)
    assert (sweeps.forget_files(now=clock.now), sweeps.forget_files(now=clock.now)) == (1, 0)
    found = again(found)
    assert (found.status, found.cleared_at) == (Status.CANCELLED, clock.now)
    assert db.session.scalar(select(func.count()).select_from(ImportPiece)) == 0
    with pytest.raises(ImportCleared):
        imports.begin_check(found, now=clock.now)


def test_an_upload_left_halfway_goes_after_a_day(contract: Contract, clock: StillClock) -> None:
    found = read(contract.mall, Kind.MEMBERS, csv_bytes(MEMBER, [("C1", "13700000001", "", "2019-05-01")]))
    db.session.execute(Import.__table__.update().values(status="receiving"))
    assert sweeps.forget_files(now=clock.now + timedelta(hours=23)) == 0
    assert sweeps.forget_files(now=clock.now + timedelta(hours=25)) == 1
    assert again(found).status == Status.CANCELLED
