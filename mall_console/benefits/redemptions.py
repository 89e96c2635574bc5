"""Coupons used in the mall: the list of redemptions."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import false

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons import redemption_queries
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.kernel.spelling.codes import spell_code
from app.malls.models import Store
from app.web import filters
from mall_console.benefits.lists import coupon_filters
from mall_console.kit.listing import cells, columns, narrowing, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Conditions, Days, Search
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("redemptions", __name__, url_prefix="/redemptions", template_folder="templates")

_STATE = narrowing.states(
    {
        "live": ("有效", lambda: Redemption.reversed_at.is_(None)),
        "reversed": ("已撤销", lambda: Redemption.reversed_at.is_not(None)),
        "parking": ("停车抵扣", lambda: Redemption.channel == "parking"),
    }
)


class Used(NamedTuple):
    """A redemption with all it refers to."""

    redemption: Redemption
    campaign: Campaign
    coupon: Coupon
    store: Store
    member: Member


def _read(workspace: Workspace, wanted: Wanted) -> Page[Used]:
    page = redemption_queries.list_redemptions(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Used(*row) for row in page])


def _with_code(workspace: Workspace, words: str) -> Conditions:
    """By the whole code of the coupon."""
    found = coupon_queries.find_by_code(spell_code(words))
    if found is None:
        return [false()]
    member_id, coupon_id = found
    return [Redemption.member_id == member_id, Redemption.coupon_id == coupon_id]


def _state(workspace: Workspace, row: Used) -> Cell:
    if row.redemption.reversed_at:
        return cells.tag("已撤销")
    return cells.tag("停车", "cool") if row.redemption.channel == "parking" else cells.tag("已核销", "good")


def _title(workspace: Workspace, row: Used) -> Cell:
    return cells.text(row.campaign.title, small=f"券码尾号 {row.coupon.code[-coupon_filters.TAIL :]}")


def _sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [
        ("有效核销", filters.points(sums[0])),
        ("顾客优惠", filters.yuan(sums[1])),
        ("其中商场承担", filters.yuan(sums[2])),
    ]


_KEY = (Redemption.member_id, Redemption.id)

REDEMPTIONS: Listing[Used] = Listing(
    name="redemptions",
    title="核销记录",
    permission="redemption.list",
    table=Redemption,
    scope=lambda workspace: [workspace.condition("redemption.list", Redemption.mall_id)],
    read=_read,
    columns=(
        columns.moment("at", "时间", lambda row: row.redemption.redeemed_at, sort="at", is_fixed=True),
        Column(key="campaign", head="优惠", cell=_title, look="wide"),
        columns.text("store", "门店", lambda row: row.store.name),
        columns.member(lambda row: row.member),
        columns.money("discount", "顾客优惠", lambda row: row.redemption.discount_fen, sort="discount"),
        columns.money("mall", "商场承担", lambda row: row.redemption.mall_fen),
        columns.money("merchant", "商户自担（仅列示，不结算）", lambda row: row.redemption.merchant_fen),
        Column(key="state", head="状态", cell=_state),
        columns.money("spent", "消费金额", lambda row: row.redemption.spend_fen, is_extra=True),
        columns.moment("reversed", "撤销时间", lambda row: row.redemption.reversed_at, is_extra=True),
    ),
    filters=(
        Search("完整券码", _with_code),
        Days("day", "日期", Redemption.redeemed_at),
        narrowing.store(Redemption.store_id),
        coupon_filters.campaign(Redemption.campaign_id),
        _STATE,
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", Redemption.redeemed_at, *_KEY),
        *both_ways("discount", "优惠从高到低", "优惠从低到高", Redemption.discount_fen, *_KEY, is_short=True),
    ),
    link=lambda workspace, row: f"{workspace.base}/members/{row.member.public_id}/coupons/{row.coupon.id}",
    noun="张",
    amounts=redemption_queries.AMOUNTS,
    sums=_sums,
    icon="redeem",
    nothing="没有核销",
    hint="店员在商户端扫券后，记录会立即出现在这里。",
)


@blueprint.get("")
@mall_required("redemption.list")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Redemptions in the mall's stores, taken back or not, the latest first."""
    return views.page(REDEMPTIONS, workspace, "redemptions")
