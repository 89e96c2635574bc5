"""A member photographs receipts: kept without anything else, refused twice, seen by nobody else, gone when asked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.audit import Actor
from app.flows.claims import claiming, photographing, reviewing
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.claims.claims import Wish
from app.purchases.claims.models import ReceiptClaim
from app.purchases.photos import keeping, photos
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoImage, ReceiptPhotoKey, ReceiptPhotoPrint
from app.purchases.photos.photos import Seen
from app.purchases.settings import settings
from member_api.receipts.photos import PHOTOS_PER_HOUR
from tests.builders.identity import make_member, make_visitor
from tests.builders.photos import (
    DINNER,
    as_text,
    covered,
    cut,
    make_bill,
    make_photo,
    make_receipt,
    saved_again,
    send_photo,
    tilted,
    turned,
)
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in

PATH = "/members/me/receipt-photos"


@pytest.fixture
def device(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member)


def reader() -> Actor:
    """Somebody who reads photographs."""
    return Actor("staff", make_staff().id, "张岚")


def send(device: Device, photo: bytes, **told: Any) -> tuple[int, Any]:
    answer = device.post(PATH, {"photo": as_text(photo)} | told)
    body = answer.get_json()
    return answer.status_code, body.get("error", {}).get("code") or body


def seen(contract: Contract, clock: StillClock, **facts: Any) -> Seen:
    day = app_clock.business_date(clock.now)
    return replace(Seen(store=contract.store, receipt_no="R1", amount_fen=12_345, business_day=day), **facts)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.requirement("S3.1")
def test_people_read_a_photograph(contract: Contract, member: Member, device: Device, clock: StillClock) -> None:
    status, sent = send(device, make_photo())
    assert (status, sent["state"], sent["has_photo"], sent["store"]) == (200, "pending", True, None)
    url = device.get(f"{PATH}/{sent['id']}/image").get_json()["url"]
    assert url.startswith("data:image/jpeg;base64,/9j/")
    clock.advance(days=2)
    photo = db.session.scalars(select(ReceiptPhoto)).one()
    day = app_clock.business_date(photo.created_at)
    reviewing.approve(member.id, photo.id, seen(contract, clock, business_day=day), reader(), now=clock.now)
    assert points_queries.get_balance(member.id).available_points == 123
    page = device.get(PATH).get_json()
    mine = page["items"][0]
    told = (mine["state_name"], mine["store"], mine["receipt_no"], mine["amount_fen"], mine["day"])
    assert told == ("已到账", contract.store.name, "R1", 12_345, day.isoformat())
    assert (page["left"], page["days"], page["kept_days"]) == (5, 7, 180)


def test_the_same_photograph_is_refused_whoever_sends_it_and_however_it_is_saved(
    client: FlaskClient, contract: Contract, device: Device
) -> None:
    key = "the-same-key"
    first = device.post(PATH, {"photo": as_text(make_photo())}, key=key).get_json()
    assert device.post(PATH, {"photo": as_text(make_photo())}, key=key).get_json() == first
    assert send(device, make_photo()) == (409, "photo_known")
    other = sign_in(client, make_member(contract.mall))
    assert send(other, saved_again(make_photo())) == (409, "photo_known")
    assert send(other, make_photo(2))[0] == 200
    assert send(sign_in(client, make_member()), make_photo())[0] == 200  # of another mall


def test_a_member_sends_so_many_a_day_and_none_where_the_mall_takes_none(
    contract: Contract, device: Device, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photos_per_day=1))
    first = device.post(PATH, {"photo": as_text(make_photo(1))}, key="the-only-one").get_json()
    assert device.post(PATH, {"photo": as_text(make_photo(1))}, key="the-only-one").get_json() == first
    device.delete(f"{PATH}/{first['id']}/image")
    assert send(device, make_photo(2)) == (429, "photos_used_up")
    assert device.get(PATH).get_json()["left"] == 0
    clock.advance(days=1)
    assert send(device, make_photo(2))[0] == 200
    settings.change(contract.mall.id, replace(settings.USUAL, photos_per_day=0))
    assert send(device, make_photo(3)) == (409, "photos_off")


def test_none_is_drawn_of_a_visitor_nor_more_an_hour_than_anybody_has_to_send(
    client: FlaskClient, device: Device, clock: StillClock
) -> None:
    no_picture = as_text(b"no picture")  # what is drawn is found to be none
    visitor = sign_in(client, make_visitor())
    assert visitor.post(PATH, {"photo": no_picture}).get_json()["error"]["code"] == "member_required"
    tries = [device.post(PATH, {"photo": no_picture}).status_code for _ in range(PHOTOS_PER_HOUR + 1)]
    assert tries == [422] * PHOTOS_PER_HOUR + [429]
    clock.advance(hours=1)
    assert send(device, make_photo())[0] == 200


@pytest.mark.parametrize("photo", ["%%%", "小票", "", as_text(b"no picture"), 5, "A" * 1_900_001])
def test_what_is_no_photograph_changes_nothing(device: Device, photo: object) -> None:
    answer = device.post(PATH, {"photo": photo})
    assert (answer.status_code, count(ReceiptPhoto)) == (422, 0)


def test_nobody_else_sees_it_and_its_member_may_let_it_go(client: FlaskClient, member: Member, device: Device) -> None:
    sent = send(device, make_photo())[1]
    other = sign_in(client, make_member())
    assert other.get(f"{PATH}/{sent['id']}/image").status_code == 404
    assert other.delete(f"{PATH}/{sent['id']}/image").status_code == 404
    assert other.get(PATH).get_json()["items"] == []
    gone = device.delete(f"{PATH}/{sent['id']}/image").get_json()
    assert (gone["state"], gone["has_photo"]) == ("withdrawn", False)
    assert device.get(f"{PATH}/{sent['id']}/image").status_code == 404
    assert (count(ReceiptPhotoImage), count(ReceiptPhotoPrint)) == (0, 0)
    assert send(device, make_photo())[0] == 200


def test_a_claim_that_finds_nothing_is_proved_by_a_photograph_and_decided_with_it(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    wish = Wish(store=contract.store, receipt_no="R1", amount_fen=12_345, day=app_clock.business_date(clock.now))
    claim = claiming.claim_receipt(member.id, wish, now=clock.now).public_id
    assert device.get("/members/me/receipt-claims").get_json()["items"][0]["may_prove"]
    assert send(device, make_photo(1), claim=claim)[0] == 200
    assert not device.get("/members/me/receipt-claims").get_json()["items"][0]["may_prove"]
    assert send(device, make_photo(2), claim=claim) == (409, "photo_claim_closed")
    photo = db.session.scalars(select(ReceiptPhoto)).one()
    reviewing.reject(member.id, photo.id, "unreadable", reader(), note=None, now=clock.now)
    rejected = device.get("/members/me/receipt-claims").get_json()["items"][0]
    assert (rejected["state"], rejected["reason"]) == ("rejected", "照片看不清，请重新拍摄")
    again = claiming.claim_receipt(member.id, wish, now=clock.now).public_id
    assert send(device, make_photo(3), claim=again)[0] == 200
    better = db.session.scalars(select(ReceiptPhoto).order_by(ReceiptPhoto.id.desc())).first()
    assert better is not None
    reviewing.approve(member.id, better.id, seen(contract, clock), reader(), now=clock.now)
    states = db.session.scalars(select(ReceiptClaim.state).order_by(ReceiptClaim.id)).all()
    assert (states, points_queries.get_balance(member.id).available_points) == (["rejected", "approved"], 123)


def test_what_was_decided_on_is_not_sent_again_by_whom_ever_and_whenever_its_photograph_went(
    client: FlaskClient, contract: Contract, member: Member, clock: StillClock
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photo_days=7, claim_days=30))
    for number, sender in ((1, member), (2, make_member(contract.mall))):
        photo = send_photo(sender, number=number)
        reviewing.approve(sender.id, photo.id, seen(contract, clock, receipt_no=f"R{number}"), reader(), now=clock.now)
        photographing.drop_photo(sender.id, photo.public_id, now=clock.now)
    photos.forget([sender.id])
    assert (count(ReceiptPhoto), count(ReceiptPhotoImage)) == (1, 0)
    assert not db.session.scalars(select(ReceiptPhotoPrint).filter_by(public_id=photo.public_id)).all()
    clock.advance(days=30)
    assert keeping.sweep_prints(now=clock.now) == 0
    other = sign_in(client, make_member(contract.mall))
    assert [send(other, make_photo(number)) for number in (1, 2)] == [(409, "photo_known")] * 2
    clock.advance(minutes=1)
    assert (keeping.sweep_prints(now=clock.now), keeping.sweep_prints(now=clock.now)) == (2, 0)
    assert send(other, make_photo(1))[0] == 200


def test_photographs_go_after_their_time_and_what_was_decided_stays(
    client: FlaskClient, contract: Contract, member: Member, clock: StillClock
) -> None:
    decided, forgotten = send_photo(member, number=1), send_photo(member, number=2)
    reviewing.approve(member.id, decided.id, seen(contract, clock), reader(), now=clock.now)
    settings.change(contract.mall.id, replace(settings.USUAL, photo_days=30))
    clock.advance(days=30)
    assert reviewing.sweep(now=clock.now) == 0
    clock.advance(minutes=1)
    assert (reviewing.sweep(now=clock.now), reviewing.sweep(now=clock.now)) == (2, 0)
    assert (keeping.sweep_prints(now=clock.now), count(ReceiptPhotoImage), count(ReceiptPhotoPrint)) == (2, 0, 0)
    mine = sign_in(client, member).get(PATH).get_json()["items"]
    states = {one["id"]: (one["state"], one["reason"]) for one in mine}
    assert states == {
        decided.public_id: ("approved", None),
        forgotten.public_id: ("rejected", "超过保存期限，未能审核"),
    }


def test_a_photograph_turned_or_cut_is_refused_and_another_receipt_of_the_layout_is_not(
    client: FlaskClient, contract: Contract, member: Member, device: Device
) -> None:
    settings.change(contract.mall.id, replace(settings.USUAL, photos_per_day=20))
    assert send(device, make_receipt())[0] == 200
    other = sign_in(client, make_member(contract.mall))
    same = [
        turned(make_receipt(), 1),
        cut(make_receipt(), 0.05, 0, 0.03, 0.05),
        turned(cut(make_receipt(), 0, 0.05, 0, 0), 3),
    ]
    assert [send(other, photo) for photo in same] == [(409, "photo_known")] * 3
    next_day = (("No. A0174917", ""), ("2026-03-14 18:07", ""), *DINNER[2:])
    assert send(other, make_receipt(next_day))[0] == 200
    assert send(other, make_receipt(at=(210, 40)))[0] == 200


def test_of_what_was_deleted_the_same_file_is_refused_and_what_looks_like_it_is_shown_beside_it(
    contract: Contract, member: Member, device: Device, clock: StillClock
) -> None:
    status, sent = send(device, make_receipt())
    photo = db.session.scalars(select(ReceiptPhoto)).one()
    reviewing.approve(member.id, photo.id, seen(contract, clock), reader(), now=clock.now)
    photographing.drop_photo(member.id, sent["id"], now=clock.now)
    assert send(device, make_receipt()) == (409, "photo_known")
    status, part = send(device, cut(make_receipt(), 0.03, 0.03, 0.03, 0.03))
    later = photo_queries.get_by_public_id(part["id"], visible=ReceiptPhoto.member_id == member.id)
    assert [one.public_id for one in photo_queries.list_alike(later, limit=5)] == [sent["id"]]
    assert [one.public_id for one in photo_queries.list_alike(photo, limit=5)] == [part["id"]]


def test_bills_of_one_template_are_taken_whether_the_earlier_one_is_kept_or_not_and_shown_beside_it(
    contract: Contract, member: Member, device: Device
) -> None:
    first, other = make_bill("42000173862"), make_bill("42000173863")
    sent = [send(device, first)[1]["id"], send(device, other)[1]["id"]]
    photographing.drop_photo(member.id, sent[1], now=app_clock.now())  # was not decided on: leaves nothing
    assert find_alike(send(device, other)[1]["id"]) == [sent[0]]
    photo = db.session.scalars(select(ReceiptPhoto).filter_by(public_id=sent[0])).one()
    reviewing.reject(member.id, photo.id, "unreadable", reader(), note=None, now=app_clock.now())
    photographing.drop_photo(member.id, sent[0], now=app_clock.now())
    assert sent[0] in find_alike(send(device, make_bill("42000173864"))[1]["id"])


@pytest.mark.parametrize(
    "change", [partial(covered, share=0.08), partial(tilted, degrees=2)], ids=["covered", "tilted"]
)
def test_a_photograph_under_a_finger_or_tilted_is_never_new(
    client: FlaskClient, contract: Contract, device: Device, change: Callable[[bytes], bytes]
) -> None:
    first = send(device, make_receipt())[1]["id"]
    status, said = send(sign_in(client, make_member(contract.mall)), change(make_receipt()))
    assert said == "photo_known" if status == 409 else find_alike(said["id"]) == [first]


def find_alike(public_id: str) -> list[str]:
    photo = db.session.scalars(select(ReceiptPhoto).filter_by(public_id=public_id)).one()
    return [one.public_id for one in photo_queries.list_alike(photo, limit=5)]


def test_the_keys_of_a_print_go_with_it(contract: Contract, device: Device) -> None:
    sent = send(device, make_receipt())[1]["id"]
    send(device, make_photo(2))
    own = select(ReceiptPhotoPrint.number).filter_by(public_id=sent)
    number = db.session.scalars(own).one()
    assert 24 < count(ReceiptPhotoKey) <= 2 * (24 + 24 + 1)
    device.delete(f"{PATH}/{sent}/image")
    left = db.session.scalars(select(ReceiptPhotoKey.number).distinct()).all()
    assert len(left) == 1 and number not in left
