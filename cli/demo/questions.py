"""What the demo leaves open for people: one case of every kind, come about as in the product, with the clock set back.

What machines give up after half a day or two is tried here as often and as long, in the time it would have taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.care.care import Carer
from app.care.rules import MOST_POINTS
from app.flows import care, purchases
from app.flows.history import members as members_file
from app.flows.members import adjusting
from app.flows.stuck import callbacks as unread_callbacks
from app.flows.watching import sms_budget
from app.identity import members
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind
from app.identity.profiles import profiles
from app.identity.profiles.rules import Birthday
from app.kernel import clock
from app.kernel.db import atomic
from app.parking.invoices import invoices
from app.parking.invoices.models import TitleKind
from app.parking.invoices.rules import check_sign, to_wish
from app.parking.payment.gate_messages import MESSAGES
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import Direction
from app.payments import refunds
from app.payments.closing import ORDERS
from app.payments.models import PaymentOrder, PaymentRefund
from app.payments.refunds import REFUNDS
from app.purchases.rules import Receipt
from app.verification.sms_limits import Spent
from app.wechat import mini
from app.wechat.pay.notices import RefundState, RefundStatus
from app.workers import cases as case_worker
from app.workers import payments as payment_worker
from app.workers import receipts as receipt_worker
from app.workers.duplicates import searching as duplicates_worker
from cli.demo import clerks, drivers, friends
from cli.demo.mall import Built
from cli.demo.receipts import doubtful, photographs

# Of no company: the registration office of these figures does not exist.
_TAX_BODY = "91000000MA0000000"
DEMO_TAX_NO = _TAX_BODY + check_sign(_TAX_BODY)
# Somebody with two phones, who joined by each.
TWO_PHONES = (
    drivers.Driver("YHC-0051", "13600000051", ""),
    drivers.Driver("YHC-0052", "13600000052", ""),
)
SIBLINGS = ("YH-1F-01", "YH-2F-03")


def leave_open(built: Built, *, end: datetime) -> None:
    """Let what needs people happen in the days before `end`, then look for it as the jobs do."""
    mall_id = built.malls["YH"].id
    _bring_card_file(mall_id, at=end - timedelta(days=20))
    _mix_up_two_members(mall_id, at=end - timedelta(days=1))
    _come_by_wechat_as_two(mall_id, at=end - timedelta(days=1))
    _sell_to_strangers(built, at=end - timedelta(days=2))
    _lose_a_refund(mall_id, at=end - timedelta(hours=52))
    _wait_for_an_order(mall_id, at=end - timedelta(hours=30))
    _send_a_refund_nowhere(mall_id, at=end - timedelta(hours=20))
    _silence_the_gate(mall_id, at=end - timedelta(hours=16))
    _wish_for_an_invoice(mall_id, at=end - timedelta(hours=6))
    _misread_a_plate(mall_id, at=end - timedelta(hours=5))
    _hear_something_new(at=end - timedelta(hours=3))
    _ask_for_a_call(built, at=end - timedelta(hours=4))
    _ask_for_many_points(built, at=end - timedelta(hours=2))
    _send_many_codes(at=end - timedelta(hours=2))
    _enter_twice(mall_id, at=end - timedelta(hours=3))
    _refund_a_siblings_sale(built, at=end - timedelta(hours=7))
    clerks.redeem_ones_own(built, at=end - timedelta(hours=6))
    _ring_up_under_ones_own(built, at=end - timedelta(hours=5))
    _tell_of_one_of_two(built, at=end - timedelta(hours=9))
    _refund_what_nobody_sold(built, at=end - timedelta(hours=8))
    doubtful.leave_open(built.stores[SIBLINGS[1]], end=end)
    photographs.send_some(built.stores, at=end - timedelta(hours=1))
    clerks.take_ones_own_points(built, at=end - timedelta(hours=4))
    friends.tell(built, end=end)
    duplicates_worker.search()
    duplicates_worker.merge_certain(limit=10)
    receipt_worker.compare_totals(limit=10)
    case_worker.raise_cases()


def _bring_card_file(mall_id: int, *, at: datetime) -> None:
    people = [members_file.Incoming(one.card_no, one.phone, "", at) for one in drivers.DRIVERS]
    with clock.freeze(at), atomic():
        members_file.load(people, home_mall_id=mall_id, effects=purchases.Effects.LEDGER, now=at)


def _mix_up_two_members(mall_id: int, *, at: datetime) -> None:
    """A row of the next card file has the phone of one and the card of another."""
    row = members_file.Incoming(drivers.PAID.card_no, drivers.LATE.phone, "", at)
    with clock.freeze(at), atomic():
        members_file.load([row], home_mall_id=mall_id, effects=purchases.Effects.LEDGER, now=at)
        for card_no in (drivers.PAID.card_no, drivers.LATE.card_no):
            _get_to_know(card_no, now=at)


def _get_to_know(card_no: str, *, now: datetime) -> None:
    member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, card_no)
    if member_id is not None:
        members.set_name(identity_queries.lock_member(member_id), "沈嘉禾")
        profiles.tell_birthday(member_id, Birthday(month=5, day=20, year=1988), now=now)


def _come_by_wechat_as_two(mall_id: int, *, at: datetime) -> None:
    """WeChat says that the mini-program's account of one member is the official account's of another: one person."""
    people = [members_file.Incoming(one.card_no, one.phone, "", at) for one in TWO_PHONES]
    with clock.freeze(at), atomic():
        members_file.load(people, home_mall_id=mall_id, effects=purchases.Effects.LEDGER, now=at)
        by_card = [identity_queries.find_member_id(IdentityKind.CARD_NO, one.card_no) for one in TWO_PHONES]
        known_by = {IdentityKind.UNIONID: "u-demo-two-phones", IdentityKind.MINI_OPENID: "o-demo-two-phones"}
        for member_id, (kind, value) in zip(by_card, known_by.items(), strict=True):
            if member_id is not None:
                members.bind(identity_queries.lock_member(member_id), kind, value, now=at)
        members.recognise(known_by, home_mall_id=mall_id, now=at)


def _ask_for_a_call(built: Built, *, at: datetime) -> None:
    """An operator at the service desk writes down what a member wants."""
    member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, drivers.PAID.card_no)
    wish = "在服务台说停车缴费后等了很久才抬杆，希望客服回电说明"
    operator = built.operators["YH"]
    carer = Carer(staff_id=operator.id, name=operator.name, mall_id=built.malls["YH"].id, note=wish)
    if member_id is not None:
        with clock.freeze(at), atomic():
            care.open_case(member_id, carer, now=at)


def _ask_for_many_points(built: Built, *, at: datetime) -> None:
    """The operator wants to make good for a spoilt evening with more points than one person may give alone."""
    member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, drivers.BILLED.card_no)
    operator = built.operators["YH"]
    note, mall_id = "会员生日聚餐因门店漏水中断，申请补偿积分", built.malls["YH"].id
    carer = Carer(staff_id=operator.id, name=operator.name, mall_id=mall_id, reason="complaint", note=note)
    if member_id is not None:
        with clock.freeze(at), atomic():
            adjusting.adjust_points(member_id, MOST_POINTS + 1_000, carer, now=at)


def _sell_to_strangers(built: Built, *, at: datetime) -> None:
    """A till sends receipts under a card that nobody has."""
    _ring_up(built, "DEMO-OPEN", (21_800, 16_400, 30_600), card_no="0000", at=at)


def _ring_up(built: Built, numbers: str, amounts_fen: Sequence[int], *, card_no: str, at: datetime) -> None:
    """The till that nobody attends sells for these sums at one moment, under one card."""
    store = built.stores[clerks.STORE]
    for number, amount_fen in enumerate(amounts_fen, start=1):
        receipt = Receipt(
            source="pos",
            receipt_no=f"{numbers}-{number}",
            store_code=store.code,
            occurred_at=at,
            amount_fen=amount_fen,
        )
        with clock.freeze(at), atomic():
            purchases.record_purchase(receipt, store, purchases.Buyer(card_no=card_no), now=at)


def _silence_the_gate(mall_id: int, *, at: datetime) -> None:
    """A stay is paid, and the gate does not answer for half a day; somebody opened it by hand."""
    payment = drivers.pay_in_cash(drivers.PAID, mall_id, at=at)
    drivers.take_money(payment, at=at + timedelta(minutes=1))
    leaves = at + timedelta(minutes=10)
    drivers.pass_gate(drivers.PAID, Direction.OUT, mall_id, at=leaves)
    drivers.try_in_vain(MESSAGES, GateMessage.message_id == payment.public_id, "platform_unavailable", since=leaves)


def _hear_something_new(*, at: datetime) -> None:
    """The mini-program's platform pushes a kind of message that it did not have before."""
    with clock.freeze(at), atomic():
        unread_callbacks.keep(mini.PLATFORM, "2.0 subscribe_msg_popup_event", now=at)


def _send_many_codes(*, at: datetime) -> None:
    """Somebody plays with the sign-in page, and most of the day's codes by SMS are sent."""
    with clock.freeze(at), atomic():
        sms_budget.note(Spent(count=8_000, budget=10_000), now=at)


def _enter_twice(mall_id: int, *, at: datetime) -> None:
    """A car drives past the entrance's camera again instead of out."""
    drivers.pass_gate(drivers.TWICE, Direction.IN, mall_id, at=at)
    drivers.pass_gate(drivers.TWICE, Direction.IN, mall_id, at=at + timedelta(hours=2), event="again")


def _refund_a_siblings_sale(built: Built, *, at: datetime) -> None:
    """One café of a merchant takes back what its other one sold."""
    sold, taken_back = (built.stores[code] for code in SIBLINGS)
    bought = Receipt(
        source="pos",
        receipt_no="DEMO-SOLD",
        store_code=sold.code,
        occurred_at=at - timedelta(hours=1),
        amount_fen=8_800,
    )
    back = replace(
        bought,
        receipt_no="DEMO-BACK",
        store_code=taken_back.code,
        occurred_at=at,
        amount_fen=-8_800,
        refund_of="DEMO-SOLD",
    )
    buyer = purchases.Buyer(card_no=drivers.PAID.card_no)
    with clock.freeze(at), atomic():
        purchases.record_purchase(bought, sold, buyer, now=at)
        purchases.record_purchase(back, taken_back, purchases.Buyer(), now=at)


def _ring_up_under_ones_own(built: Built, *, at: datetime) -> None:
    """The same clerk's card takes what customers buy who show none."""
    amounts_fen = (6_800, 12_400, 9_900, 15_600, 8_800, 23_500)
    _ring_up(built, "DEMO-SHARED", amounts_fen, card_no=clerks.CARD, at=at)


def _tell_of_one_of_two(built: Built, *, at: datetime) -> None:
    """Two strangers pay the same within a minute, and another source tells of one of them, who is a member."""
    store = built.stores[SIBLINGS[0]]
    sold = Receipt(source="pos", receipt_no="DEMO-TWIN-1", store_code=store.code, occurred_at=at, amount_fen=3_200)
    told = replace(sold, source="kiosk", receipt_no="DEMO-TWIN", occurred_at=at + timedelta(seconds=40))
    with clock.freeze(at), atomic():
        for number in ("DEMO-TWIN-1", "DEMO-TWIN-2"):
            purchases.record_purchase(replace(sold, receipt_no=number), store, purchases.Buyer(), now=at)
        purchases.record_purchase(told, store, purchases.Buyer(card_no=drivers.PAID.card_no), now=at)


def _refund_what_nobody_sold(built: Built, *, at: datetime) -> None:
    """A till sends a refund, and of the purchase only half of it: the rest of the day's receipts got lost."""
    store = built.stores[SIBLINGS[0]]
    back = Receipt(
        source="pos",
        receipt_no="DEMO-AHEAD",
        store_code=store.code,
        occurred_at=at,
        amount_fen=-6_600,
        refund_of="DEMO-LATE",
    )
    late = replace(back, receipt_no="DEMO-LATE", amount_fen=3_300, refund_of=None)
    with clock.freeze(at), atomic():
        purchases.record_purchase(back, store, purchases.Buyer(), now=at)
        purchases.record_purchase(late, store, purchases.Buyer(card_no=drivers.PAID.card_no), now=at)


def _wish_for_an_invoice(mall_id: int, *, at: datetime) -> None:
    """A driver has paid, leaves, and asks for an invoice in the company's name."""
    payment = drivers.pay_in_cash(drivers.BILLED, mall_id, at=at)
    drivers.take_money(payment, at=at + timedelta(minutes=1))
    drivers.pass_gate(drivers.BILLED, Direction.OUT, mall_id, at=at + timedelta(minutes=10))
    wish = to_wish(TitleKind.COMPANY, title="上海示例贸易有限公司", tax_no=DEMO_TAX_NO, email="caiwu@example.com")
    asked_at = at + timedelta(hours=2)
    with clock.freeze(asked_at), atomic():
        invoices.ask(payment.member_id, payment.public_id, wish, now=asked_at)


def _misread_a_plate(mall_id: int, *, at: datetime) -> None:
    """A dirty plate is read in part."""
    drivers.pass_gate(drivers.Driver("", "", "C00D"), Direction.IN, mall_id, at=at)


def _wait_for_an_order(mall_id: int, *, at: datetime) -> None:
    """WeChat Pay does not say for a day whether an order was paid, and the stay stays unpaid."""
    payment = drivers.pay_in_cash(drivers.UNANSWERED, mall_id, at=at)
    mine = (PaymentOrder.member_id == payment.member_id) & (PaymentOrder.reference == payment.public_id)
    drivers.try_in_vain(ORDERS, mine, "SYSTEM_ERROR", since=payment.close_after)


def _lose_a_refund(mall_id: int, *, at: datetime) -> None:
    """Money comes after its order was closed, and the merchant's account is too empty to give it back."""
    order, late = drivers.pay_too_late(drivers.LATE, mall_id, at=at)
    drivers.try_in_vain(REFUNDS, PaymentRefund.member_id == order.member_id, "NOT_ENOUGH", since=late)


def _send_a_refund_nowhere(mall_id: int, *, at: datetime) -> None:
    """The platform takes a refund on, and then the member's card takes no money."""
    order, late = drivers.pay_too_late(drivers.UNREACHED, mall_id, at=at)
    with clock.freeze(late):
        with atomic():
            [owed] = (one for one in refunds.claim(now=late, limit=2) if one.out_trade_no == order.out_trade_no)
            refunds.finish(owed, now=late)
        payment_worker.note_refund(
            RefundState(
                out_refund_no=owed.out_refund_no,
                refund_id=f"demo-{owed.out_refund_no}",
                out_trade_no=owed.out_trade_no,
                transaction_id=f"demo-{owed.out_trade_no}",
                status=RefundStatus.ABNORMAL,
                refund_fen=owed.amount_fen,
                total_fen=owed.amount_fen,
                refunded_at=None,
            )
        )
