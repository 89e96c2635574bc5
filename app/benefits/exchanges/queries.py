"""Reading exchanges, and what can be had for points."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select

from app.benefits.campaigns import audience, revisions
from app.benefits.campaigns.models import Campaign
from app.benefits.campaigns.rules import State, state_on
from app.benefits.coupons import grant_history, rules
from app.benefits.coupons.models import CouponStatus
from app.benefits.exchanges.errors import ExchangeNotFound
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.benefits.stock import stock
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page

# What is added up of exchanges: those that are done, their points, and their cash in fen.
AMOUNTS = [
    case((CouponExchange.status == ExchangeStatus.DONE.value, amount), else_=0)
    for amount in (literal(1), CouponExchange.points, CouponExchange.cash_fen)
]
ORDER = Order(CouponExchange.created_at.desc(), CouponExchange.member_id.desc(), CouponExchange.id.desc())
# More than this nobody scrolls through; the cheapest are shown.
MOST_OFFERS = 60


@dataclass(frozen=True, slots=True)
class ExchangeOffer:
    """A campaign as it stands now that can be had for points, and how many more of it the member may get.

    `tiers` says whom it is for where that is not the member (`campaigns.audience.named`).
    """

    campaign: Campaign
    points: int
    cash_fen: int
    left_for_member: int
    is_gone: bool
    tiers: Sequence[str] = ()


def list_offers(member_id: int, *, mall_id: int, now: datetime) -> list[ExchangeOffer]:
    """What the mall gives for points today, the cheapest first; what has run out is told to be gone."""
    priced = select(Campaign).where(
        Campaign.mall_id == mall_id,
        Campaign.active,
        Campaign.exchange_points.is_not(None) | Campaign.changes_at.is_not(None),
    )
    known = [
        revisions.as_of(one, now) for one in db.session.scalars(priced.order_by(Campaign.exchange_points, Campaign.id))
    ]
    running = [one for one in known if one.exchange_points is not None and is_running(one, now=now)][:MOST_OFFERS]
    ids = [one.id for one in running]
    others = audience.list_others(member_id, running, now=now)
    gone, held = stock.list_sold_out(ids), grant_history.list_held(member_id, ids) if ids else []
    return [
        ExchangeOffer(
            campaign=one,
            points=one.exchange_points or 0,
            cash_fen=one.exchange_fen,
            left_for_member=max(0, one.per_member_limit - _count(held, one.id)),
            is_gone=one.id in gone,
            tiers=others.get(one.id, ()),
        )
        for one in running
    ]


def is_running(campaign: Campaign, *, now: datetime) -> bool:
    """Whether the campaign gives coupons now that could still be used."""
    is_given = state_on(campaign, clock.business_date(now)) is State.RUNNING
    return is_given and rules.validity(campaign, now=now)[1] > now


def _count(held: Sequence[Any], campaign_id: int) -> int:
    return sum(one.campaign_id == campaign_id and one.status != CouponStatus.VOID.value for one in held)


def find_offered(mall_id: int, campaign_public_id: str, *, now: datetime) -> Campaign | None:
    """The mall's campaign as it stands now."""
    found = select(Campaign).where(Campaign.mall_id == mall_id, Campaign.public_id == campaign_public_id)
    campaign = db.session.scalar(found)
    return None if campaign is None else revisions.as_of(campaign, now)


def list_exchanges(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[CouponExchange, Member, Campaign]]:
    """A page of exchanges with whose they are and of what, the latest first if not asked otherwise."""
    query = (
        select(CouponExchange, Member, Campaign)
        .join(Member, Member.id == CouponExchange.member_id)
        .join(Campaign, Campaign.id == CouponExchange.campaign_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def titles_of(member_ids: Collection[int], public_ids: Collection[str]) -> dict[str, str]:
    """What the member's exchanges were for, by public id."""
    rows = db.session.execute(
        select(CouponExchange.public_id, Campaign.title)
        .join(Campaign, Campaign.id == CouponExchange.campaign_id)
        .where(CouponExchange.member_id.in_(member_ids), CouponExchange.public_id.in_(public_ids))
    )
    return dict(rows.tuples().all())


def find_exchange(member_id: int, public_id: str) -> CouponExchange:
    """The member's exchange; raises ExchangeNotFound."""
    found = select(CouponExchange).where(CouponExchange.member_id == member_id, CouponExchange.public_id == public_id)
    exchange = db.session.scalar(found)
    if exchange is None:
        raise ExchangeNotFound
    return exchange


def lock_exchange(member_id: int, public_id: str) -> CouponExchange:
    """The member's exchange FOR UPDATE as it is now; raises ExchangeNotFound."""
    exchange = db.session.scalar(
        select(CouponExchange)
        .where(CouponExchange.member_id == member_id, CouponExchange.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if exchange is None:
        raise ExchangeNotFound
    return exchange


def find_awaiting(member_id: int, campaign_id: int) -> CouponExchange | None:
    """The member's exchange of a campaign that waits for cash."""
    return db.session.scalar(
        select(CouponExchange).where(
            CouponExchange.member_id == member_id,
            CouponExchange.campaign_id == campaign_id,
            CouponExchange.status == ExchangeStatus.AWAITING_CASH.value,
        )
    )


def find_by_coupon(member_id: int, coupon_id: int) -> CouponExchange | None:
    """The exchange by which the member has a coupon, or had it."""
    own = (CouponExchange.member_id == member_id, CouponExchange.coupon_id == coupon_id)
    return db.session.scalar(select(CouponExchange).where(*own))


def given_back_at(member_id: int, coupon_ids: Sequence[int]) -> dict[int, datetime]:
    """When coupons of the member were given back, by their ids; of those that were."""
    one = CouponExchange
    found = select(one.coupon_id, one.refunded_at).where(one.member_id == member_id, one.coupon_id.in_(coupon_ids))
    return {coupon_id: at for coupon_id, at in db.session.execute(found) if at is not None}


def get_mall_of(member_id: int, public_id: str) -> int:
    """The mall whose campaign the exchange is of; raises ExchangeNotFound."""
    return find_exchange(member_id, public_id).mall_id
