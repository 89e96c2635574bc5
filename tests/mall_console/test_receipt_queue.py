"""Operators work the receipts of nobody and those that wait: give, name the store, set aside."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.models import AuditEntry, Role
from app.access.scopes import Place
from app.flows import purchases
from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.security import codes
from app.points.ledger import queries as points_queries
from app.purchases.aliases.models import StoreAlias
from app.purchases.models import InboxReceipt
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.purchases.waiting.models import WaitingReceipt
from app.web.staff import portals
from app.workers import receipts
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.settlement import Contract
from tests.builders.staff import csrf_token, make_staff, sign_in, submit
from tests.support.clock import StillClock


@pytest.fixture
def base(client: FlaskClient, contract: Contract) -> str:
    assert sign_in(client, make_staff(Role.OPERATIONS), portal="/console").status_code == 303
    return f"/console/{contract.mall.code}/purchases"


def receipt(contract: Contract, clock: StillClock, number: str, store_code: str = "") -> Receipt:
    return Receipt(
        source="pos",
        receipt_no=number,
        store_code=store_code or contract.store.code,
        occurred_at=clock.now,
        amount_fen=10_000,
    )


def test_receipts_of_nobody_are_given_to_a_member_and_others_set_aside(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    member = make_member(contract.mall)
    for number in ("R1", "R2", "R3"):
        one = receipt(contract, clock, number)
        purchases.record_purchase(one, contract.store, Buyer(), now=clock.now)
    ids = [str(one) for one in db.session.scalars(select(InboxReceipt.id).order_by(InboxReceipt.id))]
    asked = submit(client, f"{base}/inbox", f"{base}/inbox/give", row=ids[:2])
    assert asked.status_code == 200 and "R1" in asked.text
    assert "选填" not in asked.text
    unknown = submit(client, f"{base}/inbox", f"{base}/inbox/give", row=ids[:2], member="13000000000", confirmed="yes")
    assert "没有找到这位会员" in unknown.text
    given = {"row": ids[:2], "member": member.card_no or "", "confirmed": "yes"}
    assert "已指定会员 2 笔" in submit(client, f"{base}/inbox", f"{base}/inbox/give", **given).text
    assert points_queries.get_balance(member.id).available_points == 200
    again = submit(client, f"{base}/inbox", f"{base}/inbox/dismiss", row=ids[2:], reason="test", confirmed="yes")
    assert "已忽略 1 笔" in again.text
    assert "已忽略" in client.get(f"{base}/inbox").text
    assert "R3" not in client.get(f"{base}/inbox?state=open").text


def test_from_the_malls_sum_on_a_second_person_gives_it_to_the_same_member(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=10_000))
    member, another = make_member(contract.mall), make_member(contract.mall)
    purchases.record_purchase(receipt(contract, clock, "R1"), contract.store, Buyer(), now=clock.now)
    inbox_id = db.session.scalars(select(InboxReceipt.id)).one()

    def give(to: Member) -> str:
        given = {"row": [str(inbox_id)], "member": to.card_no or "", "confirmed": "yes"}
        return submit(client, f"{base}/inbox", f"{base}/inbox/give", **given).text

    def come_in(name: str) -> None:
        client.delete_cookie(portals.CONSOLE.cookie, path="/console")
        sign_in(client, make_staff(Role.OPERATIONS, name=name), portal="/console")

    assert "已提交复核 1 笔" in give(member)
    assert "需由另一位同事复核" in give(member)
    assert "待复核" in client.get(f"{base}/inbox?state=checked").text
    assert "指定给会员" in client.get(f"{base}/inbox/{inbox_id}").text
    come_in("李可")
    assert "已提交复核 1 笔" in give(another)  # not what the first one said: now somebody has to agree to this
    assert points_queries.get_balance(member.id).available_points == 0
    come_in("王敏")
    assert "已指定会员 1 笔" in give(another)
    assert points_queries.get_balance(another.id).available_points == 100
    wanted = AuditEntry.action.startswith("purchase.")
    actions = db.session.scalars(select(AuditEntry.action).where(wanted).order_by(AuditEntry.id))
    assert list(actions) == ["purchase.check", "purchase.check", "purchase.give"]


def test_what_somebody_was_meant_to_have_is_nobodys_again_once_they_leave(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=10_000))
    member = make_member(contract.mall)
    purchases.record_purchase(receipt(contract, clock, "R1"), contract.store, Buyer(), now=clock.now)
    row = db.session.scalars(select(InboxReceipt)).one()
    given = {"row": [str(row.id)], "member": member.card_no or "", "confirmed": "yes"}
    assert "已提交复核 1 笔" in submit(client, f"{base}/inbox", f"{base}/inbox/give", **given).text
    leaving.let_member_leave(member.id, told=Cost(points=0, coupons=0), now=clock.now)
    db.session.refresh(row)
    assert (row.meant_for_id, row.checked_at, row.checked_by_id, row.checked_by) == (None, None, None, None)
    assert "指定给会员" not in client.get(f"{base}/inbox/{row.id}").text


def test_what_was_set_aside_is_given_to_nobody_until_that_is_taken_back(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    """What the first of two said before it was set aside counts no more: two are needed again."""
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=10_000))
    member = make_member(contract.mall)
    purchases.record_purchase(receipt(contract, clock, "R1"), contract.store, Buyer(), now=clock.now)
    row = str(db.session.scalars(select(InboxReceipt.id)).one())
    give = {"row": [row], "member": member.card_no or "", "confirmed": "yes"}

    def act(name: str, **told: object) -> str:
        return submit(client, f"{base}/inbox", f"{base}/inbox/{name}", **told).text

    assert "已提交复核 1 笔" in act("give", **give)
    assert "已忽略 1 笔" in act("dismiss", row=[row], reason="repeated", confirmed="yes")
    client.delete_cookie(portals.CONSOLE.cookie, path="/console")
    sign_in(client, make_staff(Role.OPERATIONS, name="李可"), portal="/console")
    assert "已由王芳忽略" in act("give", **give)
    shown = client.get(f"{base}/inbox/{row}").text
    assert "忽略：重复上传" in shown and "指定给会员" not in shown
    assert "已恢复 1 笔" in act("restore", row=[row], confirmed="yes")
    assert "没有被忽略，或已经恢复" in act("restore", row=[row], confirmed="yes")
    assert "R1" in client.get(f"{base}/inbox?state=open").text
    assert "已提交复核 1 笔" in act("give", **give)
    assert points_queries.get_balance(member.id).available_points == 0


def test_a_store_is_named_once_and_its_receipts_go_through(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    member = make_member(contract.mall)
    for number in ("R1", "R2"):
        one = receipt(contract, clock, number, "007")
        purchases.hold_purchase(one, contract.mall.id, None, Buyer(card_no=member.card_no), now=clock.now)
    row = db.session.scalars(select(WaitingReceipt.id).order_by(WaitingReceipt.id)).first()
    assert "007" in client.get(f"{base}/waiting").text
    assert "收银系统编号" in client.get(f"{base}/waiting/{row}").text
    named = {"row": [str(row)], "store": contract.store.code, "confirmed": "yes"}
    assert "已指定门店 1 笔" in submit(client, f"{base}/waiting", f"{base}/waiting/store", **named).text
    assert db.session.scalars(select(StoreAlias.code)).all() == ["007"]
    assert receipts.record_of_named_stores(limit=9) == 2
    assert points_queries.get_balance(member.id).available_points == 200


def test_what_waits_is_set_aside_with_a_reason(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    purchases.hold_purchase(receipt(contract, clock, "R1", "007"), contract.mall.id, None, Buyer(), now=clock.now)
    row = db.session.scalars(select(WaitingReceipt.id)).one()
    without = submit(client, f"{base}/waiting", f"{base}/waiting/dismiss", row=[str(row)], confirmed="yes")
    assert "请选择一个原因" in without.text
    told = {"row": [str(row)], "reason": "not_member", "confirmed": "yes"}
    assert "已忽略 1 笔" in submit(client, f"{base}/waiting", f"{base}/waiting/dismiss", **told).text
    assert "R1" not in client.get(f"{base}/waiting").text
    assert "不再登记" in client.get(f"{base}/waiting/{row}").text


def outcome(page: str) -> str:
    """What a page says of how it ended, row by row."""
    said = page.split('role="status"')[1]
    return said.split("<form")[0] + said.split("<tbody>")[1].split("</tbody>")[0]


def pressed(client: FlaskClient, base: str, row: str, **told: str) -> dict[str, object]:
    """A form as it is sent, to send it more than once."""
    hidden = {"csrf_token": csrf_token(client, f"{base}/inbox"), "idempotency_key": codes.new_public_id()}
    return hidden | {"row": [row], "confirmed": "yes"} | told


def test_what_is_gone_meanwhile_is_said_and_the_rest_is_done(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    member = make_member(contract.mall)
    for number in ("R1", "R2"):
        purchases.record_purchase(receipt(contract, clock, number), contract.store, Buyer(), now=clock.now)
    ids = [str(one) for one in db.session.scalars(select(InboxReceipt.id).order_by(InboxReceipt.id))]
    told = {"member": member.card_no or "", "confirmed": "yes"}
    form = {
        "csrf_token": csrf_token(client, f"{base}/inbox"),
        "idempotency_key": codes.new_public_id(),
        "row": ids[:1],
        **told,
    }
    first, again = (client.post(f"{base}/inbox/give", data=form) for _ in range(2))
    assert first.status_code == 200 and "已指定会员 1 笔" in first.text and "R1" in first.text
    assert outcome(again.text) == outcome(first.text) and points_queries.get_balance(member.id).available_points == 100
    both = submit(client, f"{base}/inbox", f"{base}/inbox/give", row=ids, **told).text
    assert "已指定会员 1 笔" in both and "1 笔没有办成" in both and "已经处理过了" in both and "R2" in both
    assert points_queries.get_balance(member.id).available_points == 200
    asked = submit(client, f"{base}/inbox", f"{base}/inbox/dismiss", row=ids).text
    assert "这 2 笔小票已经处理过了" in asked and "确认忽略" not in asked


def test_a_store_named_again_for_what_was_recorded_meanwhile_is_answered_as_the_first_time(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    purchases.hold_purchase(receipt(contract, clock, "R1", "007"), contract.mall.id, None, Buyer(), now=clock.now)
    row = str(db.session.scalars(select(WaitingReceipt.id)).one())
    form = pressed(client, base, row, store=contract.store.code)
    first = client.post(f"{base}/waiting/store", data=form).text
    assert "已指定门店 1 笔" in first and receipts.record_of_named_stores(limit=9) == 1
    assert outcome(client.post(f"{base}/waiting/store", data=form).text) == outcome(first)
    purchases.hold_purchase(receipt(contract, clock, "R2", "008"), contract.mall.id, None, Buyer(), now=clock.now)
    other = str(db.session.scalars(select(WaitingReceipt.id)).one())
    asked = submit(client, f"{base}/waiting", f"{base}/waiting/dismiss", row=[row, other]).text
    assert "另有 1 笔已经处理过了" in asked and "确认忽略 1 笔" in asked
    told = {"reason": "not_member", "confirmed": "yes"}
    done = submit(client, f"{base}/waiting", f"{base}/waiting/dismiss", row=[row, other], **told).text
    assert "已忽略 1 笔" in done and "1 笔没有办成" in done


def test_receipts_of_another_mall_are_answered_as_those_that_are_gone(
    client: FlaskClient, contract: Contract, clock: StillClock
) -> None:
    purchases.record_purchase(receipt(contract, clock, "R1"), contract.store, Buyer(), now=clock.now)
    row, mall = str(db.session.scalars(select(InboxReceipt.id)).one()), make_mall()
    sign_in(client, make_staff(Role.OPERATIONS, Place(mall_id=mall.id)), portal="/console")
    inbox, told = f"/console/{mall.code}/purchases/inbox", {"reason": "test", "confirmed": "yes"}
    done = submit(client, inbox, f"{inbox}/dismiss", row=[row], **told).text
    assert "1 笔没有办成" in done and "R1" not in done
    assert db.session.scalars(select(InboxReceipt.dismissed_at)).one() is None
