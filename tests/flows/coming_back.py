"""People who join and leave a mall that gives something for joining."""

from collections.abc import Sequence

from app.benefits.campaigns.models import CampaignKind
from app.benefits.grants import grants
from app.flows import newbie_tasks
from app.flows.members import joining, leaving
from app.flows.members.joining import Joined
from app.flows.members.leaving import Cost
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.malls.models import Mall
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.tasks import make_newbie_tasks, make_tiers

PHONE = "13812345678"
EVERYTHING = Cost(points=10**9, coupons=10**9)


def open_mall(mall: Mall) -> Mall:
    make_consent_document()
    make_newbie_tasks()
    make_tiers()
    parking_gift = make_campaign(mall, kind=CampaignKind.PARKING, parking_minutes=120)
    for position, campaign in enumerate([make_campaign(mall), parking_gift]):
        grants.grant_on(mall.id, grants.JOIN, campaign.id, position=position)
    grants.grant_on(mall.id, grants.FIRST_ORDER_TASK, make_campaign(mall).id, position=1)
    return mall


def join(mall: Mall, *, phone: str = PHONE, **seen_by: str) -> Joined:
    visitor = make_visitor(mall, **seen_by)
    return joining.join_member(
        visitor.id, consent_version="v1", phone=phone, channel="test", arrival=None, now=app_clock.now()
    )


def leave(member: Member) -> None:
    leaving.let_member_leave(member.id, told=EVERYTHING, now=app_clock.now())


def tell_preferences(member: Member) -> int:
    return newbie_tasks.tell_preferences(member.id, categories=["kids"], now=app_clock.now()).points_awarded


def claim_first_order(member: Member) -> Sequence[object]:
    [campaign] = grants.queries.list_granted(member.home_mall_id, trigger=grants.FIRST_ORDER_TASK, now=app_clock.now())
    return newbie_tasks.claim_first_order_coupon(
        member.id, campaign_public_id=campaign.public_id, now=app_clock.now()
    ).granted
