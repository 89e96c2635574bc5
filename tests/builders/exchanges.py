"""Campaigns that are to be had for points, and members who exchange."""

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges.models import CouponExchange
from app.flows.points import exchanges
from app.flows.points.exchanges import ExchangeChoice
from app.identity.models import Member
from app.kernel import clock
from app.malls.models import Mall
from app.payments import queries as order_queries
from app.payments.models import PaymentOrder
from app.payments.orders import Money, Payer
from tests.builders.benefits import make_campaign

PAYER = Payer(appid="wxapp", openid="openid-1")


def make_priced(mall: Mall, points: int = 500, cash_fen: int = 0, **terms: object) -> Campaign:
    """A campaign to be had for points, and cash where some is asked; the mall bears it then."""
    shares = {"mall_share_bps": 10_000} if cash_fen else {}
    return make_campaign(mall, exchange_points=points, exchange_fen=cash_fen, **shares | terms)


def exchange(member: Member, campaign: Campaign, payer: Payer | None = PAYER) -> CouponExchange:
    """The member says yes to the price as it is."""
    choice = ExchangeChoice(
        campaign=campaign.public_id, points=campaign.exchange_points or 0, cash_fen=campaign.exchange_fen
    )
    return exchanges.exchange_coupon(member.id, choice, mall_id=campaign.mall_id, payer=payer, now=clock.now())


def order_of(found: CouponExchange) -> PaymentOrder:
    """The order that asks for the cash of an exchange."""
    order = order_queries.find_order(found.member_id, purpose="exchange", reference=found.public_id)
    if order is None:
        raise AssertionError("an exchange for cash has an order")
    return order


def money_for(order: PaymentOrder) -> Money:
    """What WeChat Pay says when the order is paid."""
    return Money(
        out_trade_no=order.out_trade_no,
        transaction_id=f"wx-{order.id}",
        amount_fen=order.amount_fen,
        appid=order.appid,
        paid_at=clock.now(),
    )
