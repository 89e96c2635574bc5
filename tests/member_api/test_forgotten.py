"""After leaving, no row of any table says who it was; what settlement rests on is all there."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import String, cast, func, select

from app.circle import authorisations
from app.circle.models import State
from app.flows import newbie_tasks, parking
from app.flows.contacts import contact_groups
from app.flows.contacts import contacts as contact_flow
from app.flows.parking import PaymentChoice
from app.flows.redemptions import redeem_coupon, reverse_redemption
from app.flows.stuck import callbacks as unread_callbacks
from app.flows.subscriptions import keep_push_event
from app.identity import members, queries
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import Model, db
from app.kernel.security import crypto
from app.outreach.consents.models import SubscribeConsent
from app.outreach.messages.models import MessageStatus, OutreachMessage, Reason
from app.parking.payment.models import ParkingPayment
from app.payments.models import PaymentOrder
from app.payments.orders import Money, Payer
from app.points.ledger import queries as points_queries
from app.points.ledger.models import PointsEntry
from app.settlement.ledger.models import Posting
from app.verification import phones, sms_codes
from app.wechat import wecom
from app.wechat.callbacks.inbox import claim
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.callbacks.push import PushEvent
from app.wechat.wecom import ContactChange, ContactEvent
from app.wechat.wecom_groups import CustomerGroup, GroupPerson
from app.workers import payments as payment_worker
from tests.builders import outreach
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.malls import make_store
from tests.builders.parking import Ground, make_ground, make_parking_coupon
from tests.builders.profiles import tell_everything
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.member_api.after_leaving import AFTER_LEAVING
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in
from tests.support.member_tables import keyed_by_member

PHONE, NAME, PLATE = "13912345678", "王小明", "沪A55555"
OPENID, UNIONID, EXTERNAL = "o-openid-of-wang", "u-unionid-of-wang", "wm-external-of-wang"


@pytest.fixture
def ground(db_session: object) -> Ground:
    make_newbie_tasks()
    make_tiers()
    make_consent_document()
    return make_ground()


@pytest.fixture
def device(client: Client, ground: Ground) -> Device:
    """The phone of somebody who has done everything a member can do, and was two visitors before."""
    member = make_person(ground)
    sign_in(client, member, channel="mini_program", openid=OPENID)
    device = sign_in(client, member, channel="sms")
    make_history(member, ground)
    device.post("/members/me/plates", {"plate": "沪A66666"}, key="plate-of-wang")
    device.get("/members/me/data")
    return device


def make_person(ground: Ground) -> Member:
    now = clock.now()
    sms_codes.issue(PHONE, now=now)
    by_wechat = make_visitor(ground.mall, mini_openid=OPENID, unionid=UNIONID)
    keep_push_event(PushEvent(f"push|{OPENID}|1|x", "subscribe_msg_popup_event", OPENID, (), now), now=now)
    make_adviser(ground)
    member = members.bind_phone(by_wechat, PHONE, now=now)
    members.join(member, entrance_id=None, now=now)
    members.set_name(member, NAME)
    sign_in_by_phone_first(ground, member)
    return member


def make_adviser(ground: Ground) -> None:
    """WeCom tells of a new contact, who turns out to be the same person by their unionid."""
    now = clock.now()
    event = ContactEvent(
        fact=f"add_external_contact|zhang|{EXTERNAL}|1",
        kind="change_external_contact.add_external_contact",
        change=ContactChange.ADDED,
        user_id="zhang",
        external_user_id=EXTERNAL,
        state="",
        welcome_code="code-1",
        occurred_at=now,
    )
    contact_flow.keep_contact_event(event, now=now)
    (taken,) = claim(wecom.PLATFORM, now=now, limit=1)
    contact_flow.add_contact(taken, unionid=UNIONID, now=now)
    group = CustomerGroup("wr-chat", "吃货群", "zhang", (GroupPerson(EXTERNAL, UNIONID, now),))
    assert contact_groups.join_group(group, group.people[0], read_at=now, now=now)


def sign_in_by_phone_first(ground: Ground, member: Member) -> None:
    """Another visitor, known by a second openid, proves the same phone: they are merged, their row stays."""
    other = make_visitor(ground.mall, mini_openid=f"{OPENID}-2")
    sign_in_row = members.bind_phone(other, PHONE, now=clock.now())
    assert sign_in_row.id == member.id


def make_history(member: Member, ground: Ground) -> None:
    now = clock.now()
    parking.bind_plate(member.id, PLATE, now=now)
    newbie_tasks.tell_preferences(member.id, categories=["kids"], now=now)
    for known_as in (OPENID, UNIONID, EXTERNAL):
        unread_callbacks.keep("mini", f"<a>{known_as}</a>", now=now)
    tell_everything(member)
    authorisations.note([member.id], member.id, mchid="1900000001", openid=OPENID, state=State.ON, at=now)
    outreach.allow(member, 2)
    outreach.plan(member)
    make_parking_coupon(member, ground)
    session = ground.comes(minutes_ago=100, plate=PLATE).session
    quote = parking.quote_stay(member.id, session.public_id, now=now).quote
    wish = PaymentChoice(quote.public_id, [], 50)
    parking.begin_payment(member.id, session.public_id, wish, payer=Payer("app", OPENID), now=now)
    order = db.session.scalars(select(PaymentOrder)).one()
    payment_worker.take_money(
        Money(out_trade_no=order.out_trade_no, transaction_id="42", amount_fen=1_150, appid="app", paid_at=now)
    )
    ground.leaves(plate=PLATE)


def traces(value: str) -> set[str]:
    """The tables of which a row holds the value, anywhere."""
    found = set()
    for table in Model.metadata.tables.values():
        columns = [func.coalesce(cast(column, String), "") for column in table.c if _is_text(column)]
        if columns and db.session.scalar(select(func.count()).select_from(table).where(_any_has(columns, value))):
            found.add(table.name)
    return found


def _is_text(column: Any) -> bool:
    return str(column.type) in {"TEXT", "JSONB", "VARCHAR"}


def _any_has(columns: list[Any], value: str) -> Any:
    return func.concat(*columns).contains(value, autoescape=True)


def leave(device: Device) -> Any:
    cost = device.get("/members/me/leaving").get_json()["cost"]
    answer = device.post("/members/me/leaving", cost)
    assert answer.status_code == 200
    return answer


def test_no_table_holds_a_trace_of_the_person(device: Device) -> None:
    personal = [
        OPENID,
        UNIONID,
        EXTERNAL,
        PLATE,
        "沪A66666",
        "139****5678",
        phones.phone_index(PHONE),
        queries.name_index(NAME),
        "春日市集",
        str(db.session.scalar(select(Member.card_no).where(Member.name_sealed.is_not(None)))),
    ]
    before = {value: traces(value) for value in personal}
    assert {value for value, tables in before.items() if not tables} == set()
    leave(device)
    # Counters of attempts, which name indexes of phones, go within two days; they must not start anew by leaving.
    assert {value: traces(value) - {"attempts"} for value in personal} == {value: set() for value in personal}
    sealed = select(func.count()).where(Member.phone_sealed.is_not(None) | Member.name_sealed.is_not(None))
    assert db.session.scalar(sealed) == 0


def test_what_nobody_could_read_goes_where_it_is_about_the_person_alone(device: Device) -> None:
    unread_callbacks.keep("mini", "<a>o-openid-of-li</a>", now=clock.now())
    leave(device)
    texts = db.session.scalars(select(PlatformEvent.payload["text"].as_string()))
    assert list(texts) == ["<a>o-openid-of-li</a>"]


def test_every_table_with_a_members_key_is_known_to_leaving() -> None:
    assert keyed_by_member() == set(AFTER_LEAVING)


def test_the_phone_could_still_be_read_before(device: Device) -> None:
    """The control of the search above: what is sealed is there, and only there."""
    member = db.session.scalars(select(Member).where(Member.name_sealed.is_not(None))).one()
    assert members.phone_of(member) == PHONE
    assert member.name_sealed is not None
    assert crypto.unseal(member.name_sealed, purpose=queries.NAME_PURPOSE) == NAME
    assert traces(PHONE) == set()


def test_facts_of_settlement_stay(device: Device) -> None:
    def facts() -> tuple[Any, ...]:
        payments = select(ParkingPayment.public_id, ParkingPayment.cash_fen, ParkingPayment.status)
        orders = select(PaymentOrder.out_trade_no, PaymentOrder.amount_fen, PaymentOrder.status)
        postings = select(Posting.id, Posting.amount_fen)
        entries = select(PointsEntry.fact, PointsEntry.points)
        return tuple(tuple(db.session.execute(query).all()) for query in (payments, orders, postings, entries))

    before = facts()
    assert all(before)
    leave(device)
    assert facts() == before
    assert points_queries.list_disagreements() == []


def test_waiting_messages_are_held_back_with_the_reason(device: Device) -> None:
    leave(device)
    message = db.session.scalars(select(OutreachMessage)).one()
    assert (message.status, message.reason, message.content) == (
        MessageStatus.SUPPRESSED.value,
        Reason.MEMBER_GONE.value,
        None,
    )
    assert set(db.session.scalars(select(SubscribeConsent.remaining))) == {0}


def test_a_redemption_undone_after_leaving_gives_nobody_a_coupon(client: Client, ground: Ground) -> None:
    member = make_visitor(ground.mall, mini_openid=OPENID)
    members.join(members.bind_phone(member, PHONE, now=clock.now()), entrance_id=None, now=clock.now())
    store = make_store(ground.mall)
    till = make_till(store)
    coupon = make_coupon(member, make_campaign(ground.mall, stores=[store]))
    done = redeem_coupon(coupon.code, till, spend_fen=None, now=clock.now())
    leave(sign_in(client, member))
    reverse_redemption(done.redemption_id, till, now=clock.now() + timedelta(minutes=1))
    db.session.refresh(coupon)
    assert coupon.status == "void"


def test_the_plate_is_free_for_somebody_else(device: Device, ground: Ground) -> None:
    leave(device)
    other = make_visitor(ground.mall)
    members.join(members.bind_phone(other, "13800000001", now=clock.now()), entrance_id=None, now=clock.now())
    parking.bind_plate(other.id, PLATE, now=clock.now())
    assert queries.find_member_id(IdentityKind.PLATE, PLATE) == other.id
