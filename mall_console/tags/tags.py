"""The dictionary of tags: those that are worked out, with how many members bear them, and the words of the mall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.lifecycle.tags.by_hand import queries as by_hand
from app.lifecycle.tags.computed import member_fields, queries, thresholds
from app.lifecycle.tags.computed.models import TagCount
from app.lifecycle.tags.computed.rules import TagKind, tag_code
from app.lifecycle.tags.computed.wording import TAG_KINDS, name_tag
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("tags", __name__, url_prefix="/tags", template_folder="templates")

VIEW, EDIT = "tag.view", "tag.edit"


@dataclass(frozen=True, slots=True)
class Counted:
    """A tag that members of the mall bear, and how many do."""

    code: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class Kind:
    """The tags of a kind, the most borne first, and what they ask for."""

    name: str
    asks: str
    tags: Sequence[Counted]


@blueprint.get("")
@mall_required(VIEW)
def page(workspace: Workspace) -> ResponseReturnValue:
    """Every tag of the mall's members."""
    words = by_hand.list_words(workspace.mall.id)
    today = clock.business_date(clock.now())
    return render_template(
        "console/tags.html",
        kinds=list_kinds(workspace.mall.id),
        words=words,
        borne=by_hand.count_members([word.id for word in words]),
        night=queries.find_night(),
        by=thresholds.in_force(today).thresholds,
    )


def list_kinds(mall_id: int) -> list[Kind]:
    """The computed tags that members of the mall bear; of brands and floors the mall's own."""
    names = names_in(mall_id)
    rows = [row for row in queries.list_counts(mall_id) if row.kind not in names or row.value in names[row.kind]]
    by_kind = {kind: list(found) for kind, found in groupby(rows, key=lambda row: row.kind)}
    asks = _asks()
    return [
        Kind(name, asks[code], [_counted(row, names.get(code, {})) for row in by_kind[code]])
        for code, name in TAG_KINDS.items()
        if code in by_kind
    ]


def names_in(mall_id: int) -> dict[str, Mapping[str, str]]:
    """What brands and floors of the mall are called, by kind and value."""
    return {
        TagKind.BRAND.value: member_fields.brand_codes(mall_id),
        TagKind.ZONE.value: member_fields.zone_codes(mall_id),
    }


def _counted(row: TagCount, names: Mapping[str, str]) -> Counted:
    return Counted(tag_code(row.kind, row.value), name_tag(row.kind, row.value, names), row.members)


def _asks() -> dict[str, str]:
    """What each kind asks for, by the thresholds in force."""
    by = thresholds.in_force(clock.business_date(clock.now())).thresholds

    def share(bps: int) -> str:
        return f"{bps / 100:g}%"

    bought, came = f"消费满 {by.least_purchases} 次", f"到店满 {by.least_visits} 天"
    return {
        TagKind.CATEGORY: f"{bought}，其中 {share(by.category_bps)} 以上在这一业态",
        TagKind.BRAND: f"{bought}，其中 {share(by.brand_bps)} 以上在这一品牌",
        TagKind.ZONE: f"{bought}，其中 {share(by.zone_bps)} 以上在这一层",
        TagKind.PRICE: f"优惠占原价 {share(by.price_sensitive_bps)} 以上或 {share(by.price_full_bps)} 以下",
        TagKind.FREQUENCY: f"到店满 {by.frequent_visits} 天",
        TagKind.WEEK: f"{came}，其中 {share(by.week_bps)} 以上在工作日或周末",
        TagKind.HOURS: f"{came}，其中 {share(by.hours_bps)} 以上在这一时段",
        TagKind.STAY: f"停车平均满 {by.long_stay_minutes} 分钟为停留久，不超过 {by.short_stay_minutes} 分钟为快进快出",
        TagKind.PARKING: f"停车满 {by.least_visits} 天，占到店的 {share(by.parking_bps)} 以上",
        TagKind.FAMILY: f"在亲子业态消费满 {by.family_purchases} 次",
        TagKind.BROWSING: f"打开小程序满 {by.browsed_days} 天，或每天平均看 {by.browsed_pages} 页以上",
        TagKind.SHARING: f"分享满 {by.least_shares} 次",
    }
