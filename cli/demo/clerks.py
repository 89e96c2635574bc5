"""A clerk of the demo who is a member, too, and deals with themselves at the till where they stand."""

from datetime import datetime

from app.access import audit, staff_queries
from app.access.models import Staff
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import coupons
from app.benefits.grants import grants
from app.benefits.grants import queries as grants_queries
from app.flows import purchases, redemptions
from app.flows.history import members as members_file
from app.flows.points import till_points
from app.identity import queries as identity_queries
from app.identity.codes import member_codes
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.security import crypto
from app.malls.models import Store
from cli.demo.mall import Built

STORE = "YH-4F-02"
CARD = "YHC-0036"
POINTS = 300


def redeem_ones_own(built: Built, *, at: datetime) -> None:
    """A clerk is a member, too, and uses a coupon at the till where they stand."""
    store, clerk = built.stores[STORE], built.clerks[STORE]
    own = members_file.Incoming(CARD, _phone_of(clerk), "", at)
    with clock.freeze(at), atomic():
        members_file.load([own], home_mall_id=store.mall_id, effects=purchases.Effects.LEDGER, now=at)
        member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, own.card_no)
        if member_id is None:
            raise AssertionError("the clerk has a card")
        coupon = coupons.issue(
            member_id, _dining(store), grant_key="demo-own", trigger="demo", entrance_id=None, now=at
        )
        till = redemptions.Till(
            mall_id=store.mall_id,
            merchant_id=store.merchant_id,
            store_id=store.id,
            store_name=store.name,
            floor=store.floor,
            staff_id=clerk.id,
            staff_name=clerk.name,
        )
        redemptions.redeem_coupon(coupon.code, till, spend_fen=8_800, now=at)


def take_ones_own_points(built: Built, *, at: datetime) -> None:
    """The same clerk pays with points of their own, and takes them at the till where they stand."""
    store, clerk = built.stores[STORE], built.clerks[STORE]
    taker = till_points.Taker(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        used_by=f"store:{store.id}",
        actor=audit.Actor("staff", clerk.id, clerk.name),
        staff_id=clerk.id,
    )
    with clock.freeze(at), atomic():
        member_id = identity_queries.find_member_id(IdentityKind.CARD_NO, CARD)
        if member_id is None:
            raise AssertionError("the clerk has a card")
        code = member_codes.mint(identity_queries.get_member(member_id), now=at)
        member_codes.use(code.text, used_by=taker.used_by, now=at)
        till_points.ask_for_points(member_id, POINTS, taker, now=at)


def _phone_of(clerk: Staff) -> str:
    return crypto.unseal(clerk.phone_sealed, purpose=staff_queries.PHONE_PURPOSE)


def _dining(store: Store) -> Campaign:
    offered = grants_queries.list_granted(store.mall_id, trigger=grants.JOIN, now=clock.now())
    return next(campaign for campaign in offered if campaign.kind == CampaignKind.CASH)
