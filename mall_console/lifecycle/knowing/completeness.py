"""How complete profiles are: of all members, field by field, and day after day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.identity.profiles.rules import WEIGHTS, Field
from app.identity.profiles.wording import FIELDS
from app.insights.profiles import days
from app.insights.profiles.days import Standing
from app.kernel import clock, money
from app.kernel.money import Share
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("completeness", __name__, url_prefix="/lifecycle/profiles", template_folder="templates")

DAYS_SHOWN, DAYS_COMPARED = 90, 30
# What each field is good for, as the member is told, too.
GOOD_FOR = {
    Field.PREFERENCES: "按喜好推荐门店和优惠",
    Field.BIRTHDAY: "生日当月送礼",
    Field.NEARBY: "分清住在附近还是在附近上班，选对时段",
    Field.HOUSEHOLD: "推荐适合孩子年龄的活动，需单独同意",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A field: its share now, and by how many thousandths that changed; None without a day to compare with."""

    name: str
    good_for: str
    weight: int
    members: int
    told: Share | None
    change: int | None


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The latest count, beside that of a month before."""
    today = clock.business_date(clock.now())
    counted = days.list_days(workspace.mall.id, first=today - timedelta(days=DAYS_SHOWN), last=today)
    latest = counted[-1] if counted else None
    before = _before(counted)
    return render_template(
        "console/profiles.html",
        latest=latest,
        before=before,
        change=_change(latest.average, before.average) if latest and before else None,
        fields=[_shown(field, latest, before) for field in Field] if latest else [],
        counted=counted,
        points=_points(counted),
    )


def _before(counted: Sequence[Standing]) -> Standing | None:
    """The latest count that is at least a month older than the last one; without, the first of several."""
    if len(counted) <= 1:
        return None
    month = counted[-1].row.day - timedelta(days=DAYS_COMPARED)
    older = [one for one in counted if one.row.day <= month]
    return older[-1] if older else counted[0]


def _shown(field: Field, latest: Standing, before: Standing | None) -> Shown:
    told = latest.told[field]
    change = _change(told, before.told[field]) if before else None
    return Shown(FIELDS[field], GOOD_FOR[field], WEIGHTS[field], getattr(latest.row, field.value), told, change)


def _change(now: Share | None, before: Share | None) -> int | None:
    """Between two shares as they are shown, in thousandths."""
    return now.permille - before.permille if now and before else None


def _points(counted: Sequence[Standing]) -> str:
    """The average of each day as the points of a line, 600 wide and 120 high, its foot at 0 %."""
    if len(counted) <= 1:
        return ""
    first, last = counted[0].row.day, counted[-1].row.day
    width = (last - first).days
    return " ".join(f"{(one.row.day - first).days * 600 / width:.1f},{_height(one):.1f}" for one in counted)


def _height(one: Standing) -> float:
    return 120 - (one.average.bps if one.average else 0) * 120 / money.BPS
