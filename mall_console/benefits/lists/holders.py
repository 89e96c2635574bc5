"""The list of who has a campaign's coupons, and what they used them for."""

from collections.abc import Mapping
from typing import NamedTuple

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import campaign_queries as campaign_holders
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.benefits.exchanges import exchanges
from app.benefits.grants import wording as grants_wording
from app.identity.models import Member
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.web.terms import last_day
from mall_console.benefits.held.coupons import PERMISSION as SEES_COUPONS
from mall_console.benefits.held.coupons import state_of
from mall_console.benefits.lists import coupon_filters
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace

PERMISSION = "campaign.view"


class Holding(NamedTuple):
    """A coupon of the campaign with whose it is and, once used, where."""

    coupon: Coupon
    member: Member
    redemption: Redemption | None
    store: Store | None


def get(workspace: Workspace, public_id: str, permission: str) -> Campaign:
    """The campaign of this mall; raises NotFound."""
    return campaign_queries.get_campaign(public_id, visible=workspace.condition(permission, Campaign.mall_id))


def _about(workspace: Workspace, public_id: str) -> About:
    campaign = get(workspace, public_id, PERMISSION)
    return About(public_id, campaign, campaign.title, [Coupon.campaign_id == campaign.id])


def _read(workspace: Workspace, wanted: Wanted) -> Page[Holding]:
    campaign = wanted.thing(Campaign)
    page = campaign_holders.list_holders(campaign.id, *wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Holding(*row) for row in page])


def _triggers(workspace: Workspace) -> Mapping[str, str]:
    return {code: words[0] for code, words in grants_wording.TRIGGERS.items()} | {exchanges.TRIGGER: "积分兑换"}


def _state(workspace: Workspace, row: Holding) -> Cell:
    words, tone = state_of(row.coupon, now=clock.now())
    until = f"至 {last_day(row.coupon.valid_until)}" if row.coupon.status == CouponStatus.ISSUED.value else ""
    return cells.tag(words, tone, small=until)


def _used(workspace: Workspace, row: Holding) -> Cell:
    if row.redemption is None:
        return cells.NOTHING
    return cells.text(row.store.name if row.store else "停车场", small=cells.moment(row.redemption.redeemed_at).text)


def _page_of(workspace: Workspace, row: Holding) -> str:
    if not workspace.can(SEES_COUPONS):
        return ""
    return f"{workspace.base}/members/{row.member.public_id}/coupons/{row.coupon.id}"


_KEY = (Coupon.member_id, Coupon.id)

HOLDERS: Listing[Holding] = Listing(
    name="campaign_holders",
    title="领取与使用",
    permission=PERMISSION,
    table=Coupon,
    about=_about,
    scope=lambda workspace: [workspace.condition(PERMISSION, Coupon.mall_id)],
    read=_read,
    columns=(
        columns.moment("issued", "领取时间", lambda row: row.coupon.issued_at, sort="issued", is_fixed=True),
        columns.member(lambda row: row.member),
        columns.text("code", "券码尾号", lambda row: row.coupon.code[-coupon_filters.TAIL :], look="num"),
        Column(key="state", head="状态", cell=_state),
        Column(key="used", head="核销", cell=_used),
        columns.money("discount", "顾客优惠", lambda row: row.redemption.discount_fen if row.redemption else None),
    ),
    filters=(
        coupon_filters.CODE,
        Days("day", "领取日期", Coupon.issued_at),
        coupon_filters.STATE,
        Choice("trigger", "来源", _triggers, lambda trigger: Coupon.trigger == trigger, "全部来源"),
    ),
    sorts=both_ways("issued", "领取从近到远", "领取从远到近", Coupon.issued_at, *_KEY),
    link=_page_of,
    kept=("tab",),
    noun="张",
    icon="campaign",
    nothing="还没有人领取",
    hint="入会礼和新人任务发出的券会立即显示在这里。",
)
