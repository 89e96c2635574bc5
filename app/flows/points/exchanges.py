"""Coupons for points, or points and cash: the price is held, then spent with the coupon's issue, or given back.

What was not used can be given back as a whole until its last day, by people who look at why.

Points go to the mall and cash, too. What a merchant bears of such a coupon's discount it is paid for when the coupon
is used: its share of the points, at its contract's price (`consequences.uses.redemption`). Cash is asked for coupons
alone that the mall bears wholly.
"""

from dataclasses import dataclass
from datetime import datetime

from app.access.audit import Actor
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.errors import CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges import exchanges, facts, queries
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.flows.consequences import favours
from app.identity import queries as identity_queries
from app.kernel.reasons import Reason
from app.payments import orders
from app.payments.orders import Demand, Payer
from app.points.ledger import holds, ledger
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeChoice:
    """What a member wants, and the price that they were shown."""

    campaign: str
    points: int
    cash_fen: int


def exchange_coupon(
    member_id: int, choice: ExchangeChoice, *, mall_id: int, payer: Payer | None, now: datetime
) -> CouponExchange:
    """Hold points and a coupon; without cash both are exchanged at once, else an order asks for it.

    An earlier exchange of the campaign that waits for cash is given up first. Raises MemberRequired,
    CampaignNotAvailable, CampaignForOtherTiers, ExchangePriceChanged, CampaignLimitReached, InsufficientPoints,
    CampaignOutOfStock, PayerUnknown.
    """
    member = identity_queries.lock_joined(member_id)
    campaign = queries.find_offered(mall_id, choice.campaign, now=now)
    if campaign is None:
        raise CampaignNotAvailable
    exchanges.ensure_price(campaign, points=choice.points, cash_fen=choice.cash_fen)
    unfinished = queries.find_awaiting(member.id, campaign.id)
    if unfinished is not None:
        _give_up(unfinished, now=now)
    exchange = exchanges.begin(member.id, campaign, points=choice.points, cash_fen=choice.cash_fen, now=now)
    _hold(exchange, campaign, now=now)
    if exchange.cash_fen:
        _ask_for_cash(exchange, campaign, payer, now=now)
    else:
        _settle(exchange, now=now)
    exchanges.take_stock(exchange)
    return exchange


def _hold(exchange: CouponExchange, campaign: Campaign, *, now: datetime) -> None:
    """Until the platform has said that no cash will come: no time of ours ends it."""
    holds.hold(
        exchange.member_id,
        points=exchange.points,
        reason=Reason("exchange", {"title": campaign.title}),
        fact=exchanges.fact_of(exchange),
        now=now,
        until=None,
        mall_id=exchange.mall_id,
    )


def _ask_for_cash(exchange: CouponExchange, campaign: Campaign, payer: Payer | None, *, now: datetime) -> None:
    demand = Demand(
        purpose=exchanges.PURPOSE,
        reference=exchange.public_id,
        description=f"积分兑换 {campaign.title}",
        amount_fen=exchange.cash_fen,
        payer=payer,
        expires_at=exchange.close_after,
    )
    orders.open_order(exchange.member_id, demand, now=now)


def _settle(exchange: CouponExchange, *, now: datetime) -> None:
    fact = exchanges.fact_of(exchange)
    exchanges.finish(exchange, now=now)
    holds.capture(exchange.member_id, fact=fact, now=now)
    events.record(
        exchange.member_id,
        kind=EventKind.COUPON_CLAIMED,
        fact=fact,
        occurred_at=now,
        mall_id=exchange.mall_id,
        source=exchanges.TRIGGER,
    )


def settle_exchange(member_id: int, public_id: str, *, now: datetime) -> None:
    """The cash of an exchange that waits for it has arrived; the caller holds the member's lock and the order's."""
    _settle(queries.lock_exchange(member_id, public_id), now=now)


def give_up_exchange(member_id: int, public_id: str, *, now: datetime) -> bool:
    """Stop waiting for cash: the points are the member's again. False when it does not wait any more."""
    identity_queries.lock_member(member_id)
    exchange = queries.lock_exchange(member_id, public_id)
    if exchange.status != ExchangeStatus.AWAITING_CASH.value:
        return False
    _give_up(exchange, now=now)
    return True


def give_back_exchange(member_id: int, public_id: str, by: Actor, *, now: datetime) -> CouponExchange:
    """Give an exchange back whose coupon was not used: points return to their lots, cash is owed back. Once.

    Raises OwnMembership, ExchangeNotFound, ExchangeNotDone, ExchangeCouponUsed.
    """
    favours.ensure_not_theirs(identity_queries.lock_member(member_id), by)
    exchange = queries.lock_exchange(member_id, public_id)
    exchanges.give_back(exchange, now=now)
    title = campaign_queries.titles_of([exchange.campaign_id])[exchange.campaign_id]
    ledger.give_back(
        member_id,
        spent_fact=exchanges.fact_of(exchange),
        reason=Reason("exchange_back", {"title": title}),
        fact=facts.given_back(public_id),
        now=now,
    )
    orders.give_back(member_id, purpose=exchanges.PURPOSE, reference=public_id, now=now)
    exchanges.put_back(exchange)
    return exchange


def _give_up(exchange: CouponExchange, *, now: datetime) -> None:
    """Money that still comes for the closed order will be refunded."""
    orders.close(exchange.member_id, purpose=exchanges.PURPOSE, reference=exchange.public_id, now=now)
    holds.release(exchange.member_id, fact=exchanges.fact_of(exchange), now=now)
    exchanges.release(exchange, now=now)
