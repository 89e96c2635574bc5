"""The list of campaigns with their counts, and what is done to several of them."""

from app.benefits.campaigns import rules, wording
from app.benefits.campaigns.models import Campaign
from app.benefits.campaigns.rules import State
from app.benefits.coupons import counts
from app.benefits.coupons.counts import Counted
from app.kernel import clock
from app.kernel.lists.keyset import Page
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Act, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace

STATES = {
    State.RUNNING: ("发放中", "good"),
    State.SCHEDULED: ("未开始", "cool"),
    State.PAUSED: ("已暂停", "warn"),
    State.ENDED: ("已结束", "plain"),
}
_ACTIVE = {"yes": "未暂停", "no": "已暂停"}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Counted]:
    return counts.list_counted(*wanted.where, order=wanted.order, asked=wanted.asked)


def _title(workspace: Workspace, row: Counted) -> Cell:
    return cells.text(row.campaign.title, small=row.campaign.summary)


def _redeemed(workspace: Workspace, row: Counted) -> Cell:
    return cells.count(row.redeemed, small=f"{row.redeemed * 100 / row.issued:.0f}%" if row.issued else "")


def _left(workspace: Workspace, row: Counted) -> Cell:
    return Cell(text="不限") if row.left is None else cells.count(row.left)


def _shares(workspace: Workspace, row: Counted) -> Cell:
    mall, merchant = row.campaign.mall_share_bps, row.campaign.merchant_share_bps
    return Cell(text=f"{mall / 100:g}% / {merchant / 100:g}%")


def _state(workspace: Workspace, row: Counted) -> Cell:
    return cells.tag(*STATES[rules.state_on(row.campaign, clock.business_date(clock.now()))])


CAMPAIGNS: Listing[Counted] = Listing(
    name="campaigns",
    title="优惠活动",
    permission="campaign.view",
    table=Campaign,
    scope=lambda workspace: [workspace.condition("campaign.view", Campaign.mall_id)],
    read=_read,
    columns=(
        Column(key="title", head="活动", cell=_title, look="main", sort="title", is_fixed=True),
        columns.text("kind", "类型", lambda row: wording.KINDS[row.campaign.kind]),
        columns.count("issued", "已发", lambda row: row.issued),
        Column(key="redeemed", head="已核销", cell=_redeemed, look="right num"),
        Column(key="left", head="剩余", cell=_left, look="right num"),
        Column(key="shares", head="商场承担 / 商户自担", cell=_shares, look="right num"),
        Column(key="state", head="状态", cell=_state),
        columns.text("code", "活动编号", lambda row: row.campaign.code, look="mono", is_extra=True),
        columns.moment("created", "创建时间", lambda row: row.campaign.created_at, is_extra=True),
    ),
    filters=(
        Search("活动名称或编号", narrowing.contains(Campaign.title, Campaign.code), is_open=True),
        Days("day", "创建日期", Campaign.created_at),
        Choice("kind", "类型", wording.KINDS, lambda kind: Campaign.kind == kind, "全部类型"),
        Choice("active", "状态", _ACTIVE, lambda code: Campaign.active.is_(code == "yes"), "全部状态"),
    ),
    sorts=(
        *both_ways("added", "最近新建在前", "最早新建在前", Campaign.id),
        *both_ways("title", "名称倒序", "名称顺序", Campaign.title, Campaign.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/campaigns/{row.campaign.public_id}",
    key=lambda row: row.campaign.public_id,
    acts=(
        Act(
            "暂停发放",
            "/campaigns/pause",
            "campaign.manage",
            "暂停选中的活动？",
            "不再发放新券，会员手里的券照常可用。可以随时恢复。",
        ),
        Act("恢复发放", "/campaigns/resume", "campaign.manage", "恢复选中的活动？", "会继续按发放规则发券。"),
    ),
    noun="个",
    icon="campaign",
    nothing="还没有优惠活动",
    hint="建议先建入会礼：一张停车券加一张低门槛的餐饮券，转化较好。",
)
