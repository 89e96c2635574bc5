"""What a driver and the platform do at the end of a stay, and what is left of coupons, points and postings."""

from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.flows import parking
from app.flows.parking import PaymentChoice
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment.models import ParkingPayment
from app.parking.payment.quotes import Offer
from app.parking.sessions import queries
from app.parking.sessions.models import ParkingSession
from app.payments import queries as order_queries
from app.payments.models import PaymentOrder
from app.payments.orders import Money, Payer
from app.points.ledger import queries as points_queries
from app.settlement.ledger.models import Posting

PAYER = Payer(appid="wxapp", openid="openid-1")


def quoted(member: Member) -> Offer:
    """The quote of the one stay the member has."""
    (parked,) = queries.list_parked(member.id)
    return parking.quote_stay(member.id, parked.session.public_id, now=app_clock.now())


def begin(
    member: Member, offer: Offer, chosen: list[Coupon] | None = None, points: int = 0, payer: Payer | None = PAYER
) -> ParkingPayment:
    """Pays a quote with these coupons and points, the rest in cash."""
    session = db.session.get_one(ParkingSession, offer.quote.session_id)
    wish = PaymentChoice(offer.quote.public_id, [coupon.id for coupon in chosen or []], points)
    return parking.begin_payment(member.id, session.public_id, wish, payer=payer, now=app_clock.now())


def order_of(payment: ParkingPayment) -> PaymentOrder:
    """The order that asks for the cash of a payment."""
    order = order_queries.find_order(payment.member_id, purpose="parking", reference=payment.public_id)
    assert order is not None
    return order


def money_for(payment: ParkingPayment, **facts: object) -> Money:
    """The platform's word that the order is paid."""
    order = order_of(payment)
    usual: dict[str, object] = {
        "out_trade_no": order.out_trade_no,
        "transaction_id": "4200001",
        "amount_fen": order.amount_fen,
        "appid": order.appid,
        "paid_at": app_clock.now(),
    }
    return Money(**usual | facts)  # type: ignore[arg-type]


def coupons_of(member: Member) -> list[Coupon]:
    """The member's coupons as they are now."""
    return list(
        db.session.scalars(
            select(Coupon)
            .where(Coupon.member_id == member.id)
            .order_by(Coupon.id)
            .execution_options(populate_existing=True)
        )
    )


def points_of(member: Member) -> int:
    """Points that the member can spend."""
    db.session.expire_all()
    return points_queries.get_balance(member.id).available_points


def postings(kind: str) -> list[Posting]:
    """The postings of a kind."""
    return list(db.session.scalars(select(Posting).where(Posting.kind == kind).order_by(Posting.id)))
