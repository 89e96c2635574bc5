"""A mall with one of everything that the console shows, all of it named after the mall's mark."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from app.access import audit
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon
from app.benefits.grants import grants
from app.cases.models import Case
from app.entrances import scans
from app.entrances.models import Door, Entrance
from app.flows import parking, purchases, redemptions
from app.flows.members import merging
from app.identity.models import Member
from app.imports import imports
from app.imports.models import Import, Kind
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.segments.models import Segment
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand.manual_tags import Giver
from app.malls.models import Mall, Merchant, Store
from app.outreach.messages.models import OutreachMessage
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.models import CarPark
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.purchases.rules import Receipt
from app.purchases.totals import totals
from app.purchases.totals.totals import Told
from app.settlement import agreements
from app.settlement.statements import statements
from app.wechat.callbacks import inbox
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from tests.builders import outreach
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.cases import make_case
from tests.builders.entrances import make_door, make_entrance
from tests.builders.identity import make_member
from tests.builders.machines import Machine, make_machine
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.parking import HOURLY
from tests.builders.photos import send_photo
from tests.builders.restatements import make_earning_trial, make_restatements
from tests.builders.segments import make_segment
from tests.builders.staff import make_staff

PHONES = {"甲": "13711118765", "乙": "13733334444"}
PLATES = {"甲": "沪A11111", "乙": "浙A22222"}


@dataclass(frozen=True, slots=True)
class World:
    """The mall and what is in it. `mark` stands in every name, so that a page tells whose rows it shows."""

    mark: str
    mall: Mall
    merchant: Merchant
    store: Store
    entrance: Entrance
    door: Door
    campaign: Campaign
    coupon: Coupon
    member: Member
    word_id: int
    merge_id: int
    message: OutreachMessage
    machine: Machine
    car_park: CarPark
    clerk: Staff
    case: Case
    statement_no: str
    brought: Import
    callback_id: int
    segment: Segment
    base: str  # where the mall's pages are; not of its row, which each request would have read again


def make_world(mark: str, code: str) -> World:
    """A mall with a history: last month is closed; this month has a purchase, a redemption, a car and a message."""
    mall = make_mall(code=code, name=f"{mark}商场", accent="#9a3412")
    merchant = make_merchant(code=f"M-{code}", name=f"{mark}餐饮")
    store = make_store(mall, merchant, code=f"{code}-4F", name=f"{mark}火锅", floor="4F")
    last_month = clock.first_of_month(clock.business_date(clock.now()) - timedelta(days=20))
    agreements.add_terms(
        mall.id, merchant.id, effective_from=last_month, commission_bps=500, issue_price_fen=80, redeem_price_fen=90
    )
    entrance = make_entrance(mall, name=f"{mark}电梯屏", headline=f"{mark}领券", store_id=store.id)
    campaign = make_campaign(mall, stores=[store], title=f"{mark}立减")
    grants.grant_on(mall.id, grants.JOIN, campaign.id, position=1)
    member = make_member(mall, phone=PHONES[mark])
    first, second = (scans.Opening(entrance_id=entrance.id, visit_key=key) for key in ("visit-1", "visit-2"))
    scans.record_join(first, member_id=member.id, now=clock.now())
    scans.record(second, now=clock.now())
    coupon = make_coupon(member, campaign)
    clerk = make_staff(Role.CLERK, Place(store_id=store.id), name=f"{mark}店员")
    _buy(store, member, code)
    redemptions.redeem_coupon(coupon.code, make_till(store, staff_id=clerk.id), spend_fen=10_000, now=clock.now())
    statements.close_month(mall.id, last_month, now=clock.now())
    send_photo(member)
    car_park = _car_park(mall, store, member, mark)
    make_restatements(mall)
    make_earning_trial(mall)
    return World(
        mark=mark,
        mall=mall,
        merchant=merchant,
        store=store,
        entrance=entrance,
        door=make_door(mall, f"{mark}门", visitors=120),
        campaign=campaign,
        coupon=coupon,
        member=member,
        word_id=_word(mall, member, mark),
        merge_id=_merge(mall, member),
        message=outreach.plan(member, mall_id=mall.id),
        machine=make_machine(mall, "pos"),
        car_park=car_park,
        clerk=clerk,
        case=make_case(store),
        statement_no=f"JS{last_month:%Y%m}-{mall.code}-{merchant.code}",
        brought=_file(mall, clerk, mark),
        callback_id=_callback(mark),
        segment=make_segment(mall, title=f"{mark}新会员"),
        base=f"/console/{code}",
    )


def _callback(mark: str) -> int:
    """What a platform said and nobody could read."""
    now = clock.now()
    payload = {"text": f"{mark} said what nobody understands"}
    inbox.store("mini", fact=f"unread|{mark}", kind=UNREAD, payload=payload, occurred_at=now, now=now, due_at=None)
    return db.session.scalars(select(PlatformEvent.id).order_by(PlatformEvent.id.desc()).limit(1)).one()


def _file(mall: Mall, person: Staff, mark: str) -> Import:
    data = f"card_no,phone,name,joined_at\n{mark},{PHONES[mark]},,2026-01-01\n".encode()
    found = imports.receive(
        mall.id,
        staff_id=person.id,
        kind=Kind.MEMBERS,
        file_name=f"{mark}会员.csv",
        size_bytes=len(data),
        now=clock.now(),
    )
    imports.add_piece(found, 0, data, now=clock.now())
    return found


def _word(mall: Mall, member: Member, mark: str) -> int:
    """What staff call the member."""
    by = Giver(staff_id=1, name=f"{mark}运营", mall_id=mall.id)
    row = manual_tags.give(member.id, f"{mark}爱猫", by, note="", now=clock.now())
    assert row is not None
    return row.tag_id


def _merge(mall: Mall, member: Member) -> int:
    """Somebody who joined later and was found to be the member."""
    merge_id = merging.merge_members(member.id, make_member(mall).id, now=clock.now())
    assert merge_id is not None
    return merge_id


def _buy(store: Store, member: Member, code: str) -> None:
    for receipt_no, buyer in ((f"{code}-R1", member.card_no), (f"{code}-R2", None)):
        receipt = Receipt(
            source="pos", receipt_no=receipt_no, store_code=store.code, occurred_at=clock.now(), amount_fen=12_345
        )
        purchases.record_purchase(receipt, store, purchases.Buyer(card_no=buyer), now=clock.now())
    ahead = replace(receipt, receipt_no=f"{code}-B1", amount_fen=-100, refund_of=f"{code}-R3")
    purchases.record_purchase(ahead, store, purchases.Buyer(), now=clock.now())
    told = Told(source="pos", till="1", receipt_count=3, amount_fen=24_590)
    totals.keep(store, clock.business_date(clock.now()), told, now=clock.now())


def _car_park(mall: Mall, store: Store, member: Member, mark: str) -> CarPark:
    now = clock.now()
    car_park = car_parks.open_car_park(
        f"P-{mall.code}",
        name=f"{mark}停车场",
        store=store,
        gate=Gate("http://127.0.0.1:9", "gate-secret"),
        now=now,
    )
    tariffs.set_tariff(car_park.id, HOURLY, effective_from=now - timedelta(days=30))
    parking.bind_plate(member.id, PLATES[mark], now=now)
    passage = GateReport(
        event_id=f"in-{mall.code}",
        car_park_code=car_park.code,
        lane="1",
        plate=PLATES[mark],
        direction=Direction.IN,
        occurred_at=now - timedelta(hours=2),
    )
    parking.record_gate_report(passage, mall_id=mall.id, now=now)
    audit.record(
        audit.SYSTEM,
        action="staff.stood_in_store",
        subject=f"store:{store.id}",
        now=now,
        facts={"name": f"{mark}改名"},
        place=Place(mall_id=mall.id),
    )
    return car_park
