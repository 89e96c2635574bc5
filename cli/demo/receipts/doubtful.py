"""What receipts and the circle leave open for people: a claim of what is somebody else's, a car that was not told."""

from datetime import datetime, timedelta

from app.circle import parkings
from app.circle.models import Way
from app.circle.parkings import Seat
from app.flows import purchases
from app.flows.claims import claiming
from app.identity import queries
from app.identity.models import IdentityKind
from app.kernel import clock, outbox
from app.kernel.db import atomic
from app.malls.models import Store
from app.purchases.claims.claims import Wish
from app.purchases.rules import Receipt
from app.purchases.totals import totals
from app.purchases.totals.totals import Told
from cli.demo import drivers


def leave_open(store: Store, *, end: datetime) -> None:
    """All of it, in the hours before `end`."""
    sum_up_too_much(store, at=end - timedelta(days=1))
    claim_what_is_anothers(store, at=end - timedelta(hours=4))
    claim_what_never_came(store, at=end - timedelta(hours=3))
    lose_a_parking(store.mall_id, at=end - timedelta(hours=6))


def sum_up_too_much(store: Store, *, at: datetime) -> None:
    """A till's totals of yesterday name a receipt that never came."""
    told = Told(source="pos", till="1", receipt_count=1, amount_fen=9_900, receipts=(("DEMO-LOST", 9_900),))
    with clock.freeze(at), atomic():
        totals.keep(store, clock.business_date(at), told, now=at)


def claim_what_is_anothers(store: Store, *, at: datetime) -> None:
    """Two friends dined together; one showed a card, and the other claims the same receipt."""
    dined = Receipt(
        source="pos",
        receipt_no="DEMO-SHARED-TABLE",
        store_code=store.code,
        occurred_at=at - timedelta(hours=1),
        amount_fen=26_800,
    )
    wish = Wish(store=store, receipt_no=dined.receipt_no, amount_fen=26_800, day=clock.business_date(dined.occurred_at))
    with clock.freeze(at), atomic():
        purchases.record_purchase(dined, store, purchases.Buyer(card_no=drivers.PAID.card_no), now=at)
        friend = queries.find_member_id(IdentityKind.CARD_NO, drivers.BILLED.card_no)
        if friend is not None:
            claiming.claim_receipt(friend, wish, now=at)


def claim_what_never_came(store: Store, *, at: datetime) -> None:
    """Somebody claims a receipt of yesterday that the till has not told of: it waits for people."""
    day = clock.business_date(at - timedelta(days=1))
    wish = Wish(store=store, receipt_no="DEMO-0417", amount_fen=15_800, day=day)
    with clock.freeze(at), atomic():
        member_id = queries.find_member_id(IdentityKind.CARD_NO, drivers.PAID.card_no)
        if member_id is not None:
            claiming.claim_receipt(member_id, wish, now=at)


def lose_a_parking(mall_id: int, *, at: datetime) -> None:
    """WeChat Pay refuses to hear that a member's car came, until the product gives up."""
    member_id = queries.find_member_id(IdentityKind.CARD_NO, drivers.PAID.card_no)
    if member_id is None:
        return
    seat = Seat(member_id=member_id, mall_id=mall_id, mchid="1900000001", brand_id=9, openid="o-demo-circle")
    with clock.freeze(at), atomic():
        parkings.note(seat, stay="demo", way=Way.IN, plate=drivers.PAID.plate, at=at, now=at)
        for one in parkings.claim(now=at, limit=1):
            outbox.give_up(parkings.PARKINGS, one.claim, error="PARAM_ERROR", now=at)
