"""The same receipt and the same car reported from everywhere at the same moment."""

from functools import partial

from flask import Flask
from sqlalchemy import func, select

from app.access.machines import machines
from app.access.machines.errors import ReplayedRequest
from app.flows import parking, purchases
from app.flows.purchases import Buyer
from app.identity.errors import PlateTaken
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.errors import Busy
from app.kernel.security.signing import Call, SignedHeaders
from app.malls import queries as mall_queries
from app.parking.sessions.models import Direction, ParkingSession
from app.parking.sessions.passages import GateAnswer
from app.points.ledger import queries as points_queries
from app.purchases.errors import ReceiptOfAnother
from app.purchases.models import InboxReceipt, Purchase, ReceiptNumber
from app.purchases.rules import Receipt
from app.settlement.ledger.models import Posting
from tests.builders.identity import make_member
from tests.builders.machines import make_machine
from tests.builders.malls import make_mall
from tests.builders.parking import PLATE, Ground, make_ground
from tests.builders.settlement import make_contract
from tests.support.races import race, winners

CALLERS = 6
PHONE = "13912345678"


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def make_shop() -> tuple[int, int]:
    """A store under contract and a member; returns (store, member)."""
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        return contract.store.id, make_member(contract.mall, phone=PHONE).id


def record(store_id: int, receipt: Receipt, buyer: Buyer = Buyer(phone=PHONE)) -> bool:  # noqa: B008  frozen
    with atomic():
        store = mall_queries.get_store(store_id)
        return purchases.record_purchase(receipt, store, buyer, now=clock.now()).is_new


def receipt(number: str, amount_fen: int = 10_000, **facts: str) -> Receipt:
    return Receipt(
        source="pos", receipt_no=number, store_code="S", occurred_at=clock.now(), amount_fen=amount_fen, **facts
    )


def test_one_receipt_sent_many_times_is_one_purchase(committed_app: Flask) -> None:
    store_id, member_id = make_shop()
    same = receipt("R1")
    results = race(committed_app, [partial(record, store_id, same)] * CALLERS)
    assert sorted(results) == [False] * (CALLERS - 1) + [True]
    assert (count(Purchase), count(ReceiptNumber), count(Posting)) == (1, 1, 2)
    assert points_queries.get_balance(member_id).available_points == 100


def test_one_receipt_of_nobody_sent_many_times_waits_once(committed_app: Flask) -> None:
    store_id, _ = make_shop()
    same = receipt("R1")
    results = race(committed_app, [partial(record, store_id, same, Buyer())] * CALLERS)
    assert sorted(results) == [False] * (CALLERS - 1) + [True]
    assert count(ReceiptNumber) == 1


def test_of_many_receipts_at_once_exactly_one_is_the_first(committed_app: Flask) -> None:
    store_id, member_id = make_shop()
    results = race(committed_app, [partial(record, store_id, receipt(f"R{n}")) for n in range(CALLERS)])
    assert results == [True] * CALLERS
    flags = db.session.scalars(select(Purchase.is_first).where(Purchase.member_id == member_id)).all()
    assert sorted(flags) == [False] * (CALLERS - 1) + [True]


def test_refunds_at_once_stay_within_the_purchase(committed_app: Flask) -> None:
    store_id, member_id = make_shop()
    record(store_id, receipt("R1"))
    refunds = [receipt(f"RF{n}", -4_000, refund_of="R1") for n in range(CALLERS)]
    results = race(committed_app, [partial(record, store_id, refund) for refund in refunds])
    assert len(winners(results)) == 2
    assert points_queries.get_balance(member_id).available_points == 20
    assert db.session.scalar(select(func.sum(Purchase.amount_fen))) == 2_000


def test_a_receipt_of_nobody_claimed_by_several_at_once_is_one_members(committed_app: Flask) -> None:
    store_id, first_id = make_shop()
    with atomic():
        second_id = make_member(phone="13700000001").id
    same, buyers = receipt("R1"), [Buyer(phone=PHONE), Buyer(phone="13700000001")] * (CALLERS // 2)
    record(store_id, same, Buyer())
    results = race(committed_app, [partial(record, store_id, same, buyer) for buyer in buyers])
    assert winners(results) == [False] * (CALLERS // 2)
    assert all(isinstance(one, ReceiptOfAnother) for one in results if isinstance(one, Exception))
    balances = [points_queries.get_balance(member_id).available_points for member_id in (first_id, second_id)]
    assert sorted(balances) == [0, 100]
    assert (count(Purchase), count(InboxReceipt), count(Posting)) == (1, 0, 2)


def test_a_refund_and_a_claim_at_once_lose_nothing(committed_app: Flask) -> None:
    store_id, member_id = make_shop()
    same, back = receipt("R1"), receipt("RF1", -4_000, refund_of="R1")
    record(store_id, same, Buyer())
    results = race(committed_app, [partial(record, store_id, same), partial(record, store_id, back, Buyer())])
    if isinstance(results[1], Busy):
        record(store_id, back, Buyer())
    assert not isinstance(results[0], Exception)
    assert points_queries.get_balance(member_id).available_points == 60
    assert (count(Purchase), count(InboxReceipt)) == (2, 0)


def make_gate() -> Ground:
    with atomic():
        ground = make_ground()
        db.session.flush()
        for row in (ground.mall, ground.store, ground.car_park):
            db.session.refresh(row)
            db.session.expunge(row)
        return ground


def come(ground: Ground, event_id: str | None) -> int:
    with atomic():
        answer: GateAnswer = ground.comes(event_id=event_id)
        return answer.session.id


def test_one_event_reported_many_times_is_one_stay_with_one_answer(committed_app: Flask) -> None:
    ground = make_gate()
    at = clock.now()

    def report() -> int:
        with atomic():
            return ground.passes(Direction.IN, at=at, event_id="same").session.id

    results = race(committed_app, [report] * CALLERS)
    assert len(set(winners(results))) == 1
    assert len(winners(results)) == CALLERS


def test_many_cameras_of_one_entrance_see_one_car(committed_app: Flask) -> None:
    ground = make_gate()
    results = race(committed_app, [partial(come, ground, f"event-{n}") for n in range(CALLERS)])
    assert len(set(winners(results))) == 1
    assert len(winners(results)) == CALLERS
    assert count(ParkingSession) == 1


def test_a_plate_bound_by_many_at_once_is_one_members(committed_app: Flask) -> None:
    with atomic():
        mall = make_mall()
        member_ids = [make_member(mall).id for _ in range(CALLERS)]

    def bind(member_id: int) -> str:
        with atomic():
            return parking.bind_plate(member_id, PLATE, now=clock.now())[0]

    results = race(committed_app, [partial(bind, member_id) for member_id in member_ids])
    assert winners(results) == [PLATE]
    assert all(isinstance(one, PlateTaken) for one in results if isinstance(one, Exception))


def test_one_signed_request_arriving_many_times_at_once_is_let_in_once(committed_app: Flask) -> None:
    with atomic():
        machine = make_machine(make_mall(), "gate")
    now = clock.now()
    call, signed = Call("POST", "/open", b"{}"), machine.headers("/open", b"{}")

    def knock() -> int:
        with atomic():
            return machines.authenticate(call, SignedHeaders.read(signed.__getitem__), kind="gate", now=now).id

    results = race(committed_app, [knock] * CALLERS)
    assert len(winners(results)) == 1
    assert all(isinstance(one, ReplayedRequest) for one in results if isinstance(one, Exception))
