"""Operators decide on claims, and the mall on how far back members may claim."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.access.models import AuditEntry, Role
from app.flows import purchases
from app.flows.claims import claiming, photographing
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.claims.claims import Wish
from app.purchases.claims.models import ReceiptClaim
from app.purchases.models import InboxReceipt
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.web.staff import portals
from tests.builders.identity import make_member
from tests.builders.photos import send_photo
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff, phone_of, sign_in, submit
from tests.support.clock import StillClock


@pytest.fixture
def base(client: FlaskClient, contract: Contract) -> str:
    assert sign_in(client, make_staff(Role.OPERATIONS), portal="/console").status_code == 303
    return f"/console/{contract.mall.code}/purchases"


def claim(contract: Contract, member: Member, clock: StillClock, number: str) -> str:
    day = app_clock.business_date(clock.now)
    wish = Wish(store=contract.store, receipt_no=number, amount_fen=12_345, day=day)
    return claiming.claim_receipt(member.id, wish, now=clock.now).public_id


def test_claims_are_approved_and_rejected_with_a_reason(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    ids = [claim(contract, member, clock, number) for number in ("R1", "R2")]
    assert "R1" in client.get(f"{base}/claims?state=pending").text
    approved = submit(client, f"{base}/claims", f"{base}/claims/approve", row=[ids[0]], confirmed="yes")
    assert "已通过 1 笔" in approved.text
    assert points_queries.get_balance(member.id).available_points == 123
    without = submit(client, f"{base}/claims", f"{base}/claims/reject", row=[ids[1]], confirmed="yes")
    assert "请选择一个原因" in without.text
    told = {"row": [ids[1]], "reason": "not_found", "note": "请核对小票号", "confirmed": "yes"}
    assert "已驳回 1 笔" in submit(client, f"{base}/claims", f"{base}/claims/reject", **told).text
    states = db.session.execute(select(ReceiptClaim.state, ReceiptClaim.note).order_by(ReceiptClaim.id)).all()
    assert [tuple(row) for row in states] == [("approved", None), ("rejected", "请核对小票号")]
    again = submit(client, f"{base}/claims", f"{base}/claims/approve", row=[ids[1]], confirmed="yes")
    assert "这条申请已经处理过了" in again.text
    assert "请核对小票号" in client.get(f"{base}/claims").text


def test_a_purchase_like_it_is_told_beside_a_claim(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    claim(contract, member, clock, "R1")
    assert "已有同金额消费" not in client.get(f"{base}/claims?state=pending").text
    circle = Receipt(
        source="kiosk",
        receipt_no="4200001",
        store_code=contract.store.code,
        occurred_at=clock.now - timedelta(minutes=30),
        amount_fen=12_345,
    )
    purchases.record_purchase(circle, contract.store, Buyer(member_id=member.id), now=clock.now)
    assert "该会员当天在本店已有同金额消费" in client.get(f"{base}/claims?state=pending").text


def test_a_claim_from_before_joining_says_so_and_an_empty_queue_is_not_called_a_filter(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    empty = client.get(f"{base}/claims?state=pending").text
    assert "没有等待审核的补登" in empty and "换个条件" not in empty
    assert "换个条件" in client.get(f"{base}/claims?state=rejected").text
    joined = app_clock.business_date(member.joined_at or clock.now)
    wish = Wish(store=contract.store, receipt_no="R0", amount_fen=12_345, day=joined - timedelta(days=1))
    early = claiming.claim_receipt(member.id, wish, now=clock.now).public_id
    told = f"消费早于入会（{joined:%m-%d} 入会）"
    assert told in client.get(f"{base}/claims?state=pending").text
    assert told in submit(client, f"{base}/claims", f"{base}/claims/approve", row=[early]).text


def test_nobody_approves_their_own_nor_gives_themselves_a_receipt(
    client: FlaskClient, contract: Contract, clock: StillClock
) -> None:
    person = make_staff(Role.OPERATIONS)
    sign_in(client, person, portal="/console")
    base, own = f"/console/{contract.mall.code}/purchases", make_member(contract.mall, phone=phone_of(person))
    wanted = claim(contract, own, clock, "R1")
    at = clock.now - timedelta(minutes=1)
    sold = Receipt(source="pos", receipt_no="R2", store_code=contract.store.code, occurred_at=at, amount_fen=10_000)
    purchases.record_purchase(sold, contract.store, Buyer(), now=clock.now)
    inbox = str(db.session.scalars(select(InboxReceipt.id)).one())
    given = {"row": [inbox], "member": own.card_no or "", "confirmed": "yes"}
    refused = [
        submit(client, f"{base}/claims", f"{base}/claims/approve", row=[wanted], confirmed="yes").text,
        submit(client, f"{base}/inbox", f"{base}/inbox/give", **given).text,
    ]
    assert all("请由同事办理" in one for one in refused)
    assert db.session.scalars(select(ReceiptClaim.state)).all() == ["pending"]
    assert points_queries.get_balance(own.id).available_points == 0


def test_from_the_malls_sum_on_a_second_person_approves_the_same(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=12_345))
    wanted = claim(contract, member, clock, "R1")
    row = db.session.scalars(select(ReceiptClaim)).one()
    photo = send_photo(member, claim=wanted)
    photographing.drop_photo(member.id, photo.public_id, now=clock.now)  # takes nothing of the need of a second one
    assert "已提交复核 1 笔" in approve(client, base, wanted)
    assert (row.state, points_queries.get_balance(member.id).available_points) == ("pending", 0)
    assert "需由另一位同事复核" in approve(client, base, wanted)
    assert "R1" in client.get(f"{base}/claims?state=checked").text
    assert "R1" not in client.get(f"{base}/claims?state=pending").text
    client.delete_cookie(portals.CONSOLE.cookie, path="/console")
    sign_in(client, make_staff(Role.OPERATIONS, name="李可"), portal="/console")
    assert "已通过 1 笔" in approve(client, base, wanted)
    db.session.refresh(row)
    assert (row.checked_by, row.decided_by, row.state) == ("王芳", "李可", "approved")
    assert points_queries.get_balance(member.id).available_points == 123
    told = select(AuditEntry.action).where(AuditEntry.action.like("claim.%")).order_by(AuditEntry.id)
    assert list(db.session.scalars(told)) == ["claim.check", "claim.approve"]


def approve(client: FlaskClient, base: str, claim_id: str) -> str:
    return submit(client, f"{base}/claims", f"{base}/claims/approve", row=[claim_id], confirmed="yes").text


def test_a_claim_is_never_approved_by_who_was_first(contract: Contract, member: Member, clock: StillClock) -> None:
    claim(contract, member, clock, "R1")
    decided = {"state": "approved", "decided_at": clock.now, "decided_by_id": 1, "checked_by_id": 1}
    with pytest.raises(IntegrityError, match="ck_receipt_claims_second"):
        db.session.execute(update(ReceiptClaim).values(**decided, checked_at=clock.now, checked_by="王芳"))


def test_the_mall_says_how_far_back_and_how_often(client: FlaskClient, contract: Contract, base: str) -> None:
    wanted = {"claim_days": "14", "claims_per_day": "3", "refund_days": "10"}
    wanted |= {"photos_per_day": "2", "photo_days": "90", "photo_second_fen": "500"}
    page = submit(client, f"{base}/settings", f"{base}/settings", **wanted)
    assert page.status_code == 303
    said = settings.of_mall(contract.mall.id)
    assert (said.claim_days, said.claims_per_day, said.refund_days) == (14, 3, 10)
    assert (said.photos_per_day, said.photo_days, said.photo_second_fen) == (2, 90, 50_000)
    submit(client, f"{base}/settings", f"{base}/settings", **wanted | {"claim_days": "-1"})
    assert settings.of_mall(contract.mall.id) == said
