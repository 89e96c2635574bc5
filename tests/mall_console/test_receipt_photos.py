"""People read photographed receipts one after the other, from a sum on two of them; each look is in the audit log."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.models import AuditEntry, Role
from app.access.scopes import Place
from app.flows import purchases
from app.flows.claims import photographing
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.models import Purchase
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.web.staff import portals
from app.workers.photos import reading
from tests.builders.identity import make_member
from tests.builders.photos import send_photo
from tests.builders.settlement import Contract, make_contract
from tests.builders.staff import make_staff, phone_of, sign_in, submit
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock


@pytest.fixture
def base(client: FlaskClient, contract: Contract) -> str:
    return as_reader(client, contract, "张岚")


def as_reader(client: FlaskClient, contract: Contract, name: str) -> str:
    """Signs a reader in, whoever was before; returns where the photographs are."""
    client.delete_cookie(portals.CONSOLE.cookie, path="/console")
    assert sign_in(client, make_staff(Role.OPERATIONS, name=name), portal="/console").status_code == 303
    return f"/console/{contract.mall.code}/purchases/photos"


def read(client: FlaskClient, base: str, photo: ReceiptPhoto, contract: Contract, **told: str) -> str:
    """Approve what is read on it; returns what the next page says."""
    day = app_clock.business_date(app_clock.now()).isoformat()
    form = {"store": contract.store.code, "receipt_no": "R1", "amount": "123.45", "day": day} | told
    page = f"{base}/{photo.public_id}"
    sent = submit(client, page, f"{page}/approve", **form)
    assert sent.status_code == 303
    return shown(client, sent.headers["Location"])


def shown(client: FlaskClient, address: str) -> str:
    """The page that an address leads to in the end."""
    answer = client.get(address)
    return answer.text if answer.status_code == 200 else shown(client, answer.headers["Location"])


def states() -> list[str]:
    return list(db.session.scalars(select(ReceiptPhoto.state).order_by(ReceiptPhoto.id)))


def points_of(member: Member) -> int:
    return points_queries.get_balance(member.id).available_points


def test_one_after_the_other_is_approved_or_rejected_with_a_reason_that_the_member_reads(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    first, second = send_photo(member, number=1), send_photo(make_member(contract.mall), number=2)
    assert "开始审核（2 张）" in client.get(base).text
    assert f"{base}/{first.public_id}" in client.get(f"{base}/review").text
    assert f"{base}/{second.public_id}" in client.get(f"{base}/{first.public_id}").text
    image = client.get(f"{base}/{first.public_id}/image")
    assert (image.mimetype, image.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert f"{base}/{second.public_id}" in read(client, base, first, contract)
    page = f"{base}/{second.public_id}"
    assert "请选择一项" in rejected(client, page, reason="")
    assert "小票都审核完了" in rejected(client, page, reason="unreadable")
    assert (states(), points_of(member)) == (["approved", "rejected"], 123)
    told = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("photo.%")).order_by(AuditEntry.id)
    )
    assert list(told) == ["photo.view", "photo.approve", "photo.reject"]
    assert "照片看不清，请重新拍摄" in client.get(base).text
    assert "这张小票刚刚已由张岚处理" in read(client, base, first, contract)


def test_it_is_said_that_no_program_reads_them(
    client: FlaskClient, contract: Contract, member: Member, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ENGINE", "no_engine_of_this_name")
    said = "未安装文字识别，请按照片填写"
    assert said not in client.get(base).text
    photo = send_photo(member)
    for address in (base, f"{base}/{photo.public_id}"):
        assert said in client.get(address).text
    photo.read_at = app_clock.now()  # on another machine there is one
    db.session.flush()
    for address in (base, f"{base}/{photo.public_id}"):
        assert said not in client.get(address).text


def rejected(client: FlaskClient, page: str, **form: str) -> str:
    return shown(client, submit(client, page, f"{page}/reject", **form).headers["Location"])


def test_a_receipt_from_before_its_member_joined_says_so_and_stands_on_its_day_alone(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    make_tiers()
    joined = app_clock.business_date(member.joined_at or clock.now)
    day = (joined - timedelta(days=1)).isoformat()
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=12_345))
    photo = send_photo(member)
    page = client.get(f"{base}/{photo.public_id}").text
    assert f"会员 {joined:%m-%d} 才入会" in page and "消费早于入会" not in page
    read(client, base, photo, contract, day=day)
    base = as_reader(client, contract, "李可")
    assert f"消费早于入会（{joined:%m-%d} 入会）" in client.get(f"{base}/{photo.public_id}").text
    read(client, base, photo, contract, day=day)
    story = client.get(f"/console/{contract.mall.code}/members/{member.public_id}").text
    assert f"{joined - timedelta(days=1):%m-%d}</td>" in story.replace("\n", "") and "12:00" not in story


def test_what_its_member_took_back_is_not_read(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    photo = send_photo(member)
    photographing.drop_photo(member.id, photo.public_id, now=clock.now)
    assert "会员已撤回这张小票照片" in read(client, base, photo, contract)
    assert "会员已撤回这张小票照片" in rejected(client, f"{base}/{photo.public_id}", reason="unreadable")
    assert "会员本人" in client.get(base).text
    assert states() == ["withdrawn"]


def test_nobody_approves_their_own(client: FlaskClient, contract: Contract, clock: StillClock) -> None:
    person = make_staff(Role.OPERATIONS)
    sign_in(client, person, portal="/console")
    photo = send_photo(make_member(contract.mall, phone=phone_of(person)))
    base = f"/console/{contract.mall.code}/purchases/photos"
    assert "请由同事办理" in read(client, base, photo, contract)
    assert states() == ["pending"]


def test_from_a_sum_on_a_second_person_reads_the_same(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photo_second_fen=12_345))
    photo = send_photo(member)
    assert "已提交复核" in read(client, base, photo, contract)
    assert (states(), points_of(member)) == (["checked"], 0)
    assert "小票都审核完了" in client.get(f"{base}/review").text
    page = client.get(f"{base}/{photo.public_id}").text
    assert "请另一位同事复核" in page and "/approve" not in page
    base = as_reader(client, contract, "李可")
    assert "已提交复核" in read(client, base, photo, contract, amount="123.46")  # read otherwise: a first reading again
    base = as_reader(client, contract, "王宁")
    assert "已通过" in read(client, base, photo, contract, amount="123.46")
    assert (states(), points_of(member)) == (["approved"], 123)
    row = db.session.scalars(select(ReceiptPhoto)).one()
    assert (row.checked_by, row.decided_by) == ("李可", "王宁")


def test_what_is_counted_or_told_otherwise_is_not_counted_again(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    ring_up(contract, clock, "R1", Buyer(card_no=member.card_no))
    ring_up(contract, clock, "R2", Buyer(card_no=make_member(contract.mall).card_no))
    ring_up(contract, clock, "R3", Buyer())
    photo = send_photo(member)
    assert "这张小票已记在该会员名下" in read(client, base, photo, contract)
    assert "该小票已计入其他会员" in read(client, base, photo, contract, receipt_no="R2")
    assert "门店当天同号小票的金额为 ¥123.45" in read(client, base, photo, contract, receipt_no="R3", amount="100")
    old = (app_clock.business_date(clock.now) - timedelta(days=8)).isoformat()
    assert "小票日期不在上传当天和之前 7 天内" in read(client, base, photo, contract, receipt_no="R4", day=old)
    assert states() == ["pending"]
    assert "已通过" in read(client, base, photo, contract, receipt_no="R3")  # the till's, of nobody until now
    assert db.session.scalars(select(Purchase.source).where(Purchase.receipt_no == "R3")).all() == ["pos"]
    assert points_of(member) == 246


def test_the_same_payment_told_by_a_till_later_is_one_purchase(
    client: FlaskClient, contract: Contract, member: Member, base: str, clock: StillClock
) -> None:
    by_number, by_time = send_photo(member, number=1), send_photo(member, number=2)
    assert "已通过" in read(client, base, by_number, contract)
    assert "已通过" in read(client, base, by_time, contract, receipt_no="R2", amount="50", time="08:01")
    ring_up(contract, clock, "R1", Buyer(card_no=member.card_no))
    ring_up(contract, clock, "TX-9", Buyer(card_no=member.card_no), amount_fen=5_000)
    assert points_of(member) == 123 + 50
    assert db.session.scalars(select(Purchase.source)).all() == ["photo", "photo"]


def ring_up(contract: Contract, clock: StillClock, number: str, buyer: Buyer, *, amount_fen: int = 12_345) -> None:
    at = clock.now - timedelta(hours=2)
    receipt = Receipt(
        source="pos", receipt_no=number, store_code=contract.store.code, occurred_at=at, amount_fen=amount_fen
    )
    purchases.record_purchase(receipt, contract.store, buyer, now=clock.now)


def test_another_malls_people_see_nothing_of_it(client: FlaskClient, contract: Contract, member: Member) -> None:
    photo, elsewhere = send_photo(member), make_contract()
    person = make_staff(Role.OPERATIONS, Place(mall_id=elsewhere.mall.id))
    sign_in(client, person, portal="/console")
    base = f"/console/{elsewhere.mall.code}/purchases/photos"
    for path in (photo.public_id, f"{photo.public_id}/image"):
        assert client.get(f"{base}/{path}").status_code == 404
