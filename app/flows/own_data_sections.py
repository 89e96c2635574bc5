"""Which rows of which tables are about a person, and what of them a person can read. Amounts in fen, times in UTC.

A test finds every table with a member's key that is neither here nor named there with the reason why not.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, exists, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.contacts.models import WecomContact
from app.entrances.models import Entrance, EntranceScan
from app.identity.models import (
    ConsentDocument,
    ConsentRecord,
    IdentityKind,
    MemberIdentity,
    MemberPreference,
    MemberSession,
)
from app.malls.models import Mall, Store
from app.outreach.consents.models import ConsentEvent
from app.outreach.messages.models import OutreachMessage
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import ParkingPayment, ParkingQuote, ParkingWaiver
from app.parking.sessions.models import ParkingSession
from app.payments.models import PaymentOrder, PaymentRefund
from app.points.ledger.models import PointsEntry, PointsLot
from app.purchases.models import Purchase, PurchaseLine
from app.tasks.models import NewbieTask, TaskCompletion
from app.tiers.models import GrowthEntry
from app.timeline.models import TimelineEvent

Ids = Sequence[int]
# What a person can read of their identities; the others are ids between us and a platform, or an index.
_READABLE = (IdentityKind.CARD_NO.value, IdentityKind.PLATE.value)


def _identities(ids: Ids) -> Select[Any]:
    one = MemberIdentity
    value = case((one.kind.in_(_READABLE), one.value)).label("value")
    return select(one.kind, value, one.bound_at).where(one.member_id.in_(ids)).order_by(one.bound_at, one.kind)


def _contacts(ids: Ids) -> Select[Any]:
    theirs = exists().where(
        MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value,
        MemberIdentity.value == WecomContact.external_user_id,
        MemberIdentity.member_id.in_(ids),
    )
    return (
        select(WecomContact.user_id.label("adviser"), WecomContact.added_at, WecomContact.removed_at)
        .where(theirs)
        .order_by(WecomContact.changed_at)
    )


def _consents(ids: Ids) -> Select[Any]:
    one, text = ConsentRecord, ConsentDocument
    return (
        select(one.kind, one.version, text.title, one.channel, one.given_at, one.withdrawn_at)
        .outerjoin(text, and_(text.kind == one.kind, text.version == one.version))
        .where(one.member_id.in_(ids))
        .order_by(one.given_at, one.id)
    )


def _preferences(ids: Ids) -> Select[Any]:
    one = MemberPreference
    return select(one.category, one.chosen_at).where(one.member_id.in_(ids)).order_by(one.category)


def _sign_ins(ids: Ids) -> Select[Any]:
    one = MemberSession
    return (
        select(one.channel, one.created_at, one.expires_at, one.revoked_at)
        .where(one.member_id.in_(ids))
        .order_by(one.created_at, one.id)
    )


def _entrances(ids: Ids) -> Select[Any]:
    one = EntranceScan
    return (
        select(Entrance.name.label("entrance"), one.scanned_at, one.joined_at)
        .join(Entrance, Entrance.id == one.entrance_id)
        .where(one.member_id.in_(ids))
        .order_by(one.scanned_at, one.id)
    )


def _coupons(ids: Ids) -> Select[Any]:
    one = Coupon
    return (
        select(
            one.code, Campaign.title, Campaign.kind, Mall.name.label("mall"), one.status, one.plate, one.issued_at,
            one.valid_from, one.valid_until, one.redeemed_at,
        )
        .join(Campaign, Campaign.id == one.campaign_id)
        .join(Mall, Mall.id == one.mall_id)
        .where(one.member_id.in_(ids))
        .order_by(one.issued_at, one.id)
    )  # fmt: skip


def _redemptions(ids: Ids) -> Select[Any]:
    one = Redemption
    return (
        select(
            Coupon.code.label("coupon"), Campaign.title, Store.name.label("store"), one.spend_fen, one.discount_fen,
            one.redeemed_at, one.reversed_at,
        )
        .join(Coupon, and_(Coupon.member_id == one.member_id, Coupon.id == one.coupon_id))
        .join(Campaign, Campaign.id == one.campaign_id)
        .join(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.redeemed_at, one.id)
    )  # fmt: skip


def _points(ids: Ids) -> Select[Any]:
    one = PointsEntry
    return (
        select(
            one.kind, one.points, one.balance_after.label("balance"), one.reason, Mall.name.label("mall"),
            Store.name.label("store"), one.occurred_at,
        )
        .outerjoin(Mall, Mall.id == one.mall_id)
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _points_expiry(ids: Ids) -> Select[Any]:
    one = PointsLot
    return (
        select(one.points, one.remaining_points, one.expires_on)
        .where(one.member_id.in_(ids), one.remaining_points > 0)
        .order_by(one.expires_on, one.id)
    )


def _growth(ids: Ids) -> Select[Any]:
    one = GrowthEntry
    return (
        select(one.growth, one.growth_after, one.reason, one.occurred_at)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _purchases(ids: Ids) -> Select[Any]:
    one = Purchase
    return (
        select(
            one.source, one.receipt_no, Store.name.label("store"), one.amount_fen, one.occurred_at, one.recorded_at,
            one.is_first,
        )
        .join(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.id)
    )  # fmt: skip


def _purchase_lines(ids: Ids) -> Select[Any]:
    one = PurchaseLine
    return (
        select(Purchase.source, Purchase.receipt_no, one.line_no, one.category_code, one.amount_fen)
        .join(Purchase, and_(Purchase.member_id == one.member_id, Purchase.id == one.purchase_id))
        .where(one.member_id.in_(ids))
        .order_by(one.purchase_id, one.line_no)
    )


def _stays(ids: Ids) -> Select[Any]:
    one = ParkingSession
    return (
        select(CarPark.name.label("car_park"), one.plate, one.entered_at, one.exited_at, one.settled_fen)
        .join(CarPark, CarPark.id == one.car_park_id)
        .where(one.member_id.in_(ids))
        .order_by(one.entered_at, one.id)
    )


def _quotes(ids: Ids) -> Select[Any]:
    one = ParkingQuote
    return (
        select(one.quoted_at, one.valid_until, one.fee_fen, one.due_fen)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _parking_payments(ids: Ids) -> Select[Any]:
    one = ParkingPayment
    return (
        select(
            one.public_id.label("id"), one.status, one.due_fen, one.waived_fen, one.cash_fen, one.created_at,
            one.paid_at, one.released_at,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _waivers(ids: Ids) -> Select[Any]:
    one = ParkingWaiver
    return (
        select(
            ParkingPayment.public_id.label("payment"), one.kind, one.minutes, one.points, one.covers_fen,
            one.released_at,
        )
        .join(ParkingPayment, and_(ParkingPayment.member_id == one.member_id, ParkingPayment.id == one.payment_id))
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _orders(ids: Ids) -> Select[Any]:
    one = PaymentOrder
    return (
        select(
            one.out_trade_no, one.transaction_id, one.description, one.amount_fen, one.status, one.created_at,
            one.paid_at, one.refunded_at,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _refunds(ids: Ids) -> Select[Any]:
    one = PaymentRefund
    return (
        select(PaymentOrder.out_trade_no, one.amount_fen, one.status, one.created_at, one.done_at)
        .join(PaymentOrder, and_(PaymentOrder.member_id == one.member_id, PaymentOrder.id == one.order_id))
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


def _tasks(ids: Ids) -> Select[Any]:
    one = TaskCompletion
    return (
        select(NewbieTask.title, one.completed_at, one.points_awarded, one.facts.label("answers"))
        .join(NewbieTask, NewbieTask.code == one.task_code)
        .where(one.member_id.in_(ids))
        .order_by(one.completed_at)
    )


def _messages(ids: Ids) -> Select[Any]:
    """With the reason why one was put off or not sent."""
    one = OutreachMessage
    return (
        select(
            one.kind, one.channel, one.marketing, one.status, one.reason, one.planned_at, one.due_at, one.sent_at,
            one.facts, one.content,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.planned_at, one.id)
    )  # fmt: skip


def _message_consents(ids: Ids) -> Select[Any]:
    one = ConsentEvent
    return (
        select(one.template, one.change, one.quantity, one.occurred_at)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )  # fmt: skip


def _timeline(ids: Ids) -> Select[Any]:
    one = TimelineEvent
    return (
        select(one.kind, Mall.name.label("mall"), Store.name.label("store"), one.source, one.occurred_at)
        .outerjoin(Mall, Mall.id == one.mall_id)
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.id)
    )


SECTIONS: dict[str, Callable[[Ids], Select[Any]]] = {
    "identities": _identities,
    "advisers": _contacts,
    "consents": _consents,
    "preferences": _preferences,
    "sign_ins": _sign_ins,
    "entrances": _entrances,
    "coupons": _coupons,
    "redemptions": _redemptions,
    "points": _points,
    "points_expiry": _points_expiry,
    "growth": _growth,
    "purchases": _purchases,
    "purchase_lines": _purchase_lines,
    "parking_stays": _stays,
    "parking_quotes": _quotes,
    "parking_payments": _parking_payments,
    "parking_waivers": _waivers,
    "payments": _orders,
    "refunds": _refunds,
    "tasks": _tasks,
    "messages": _messages,
    "message_consents": _message_consents,
    "timeline": _timeline,
}
