"""What invitations came to in a period: from the opened link to what was given, who brings most, what brings none."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.entrances.day_sums import SCANS
from app.identity.models import Member
from app.invitations import entrance, queries, wording
from app.invitations.queries import Came
from app.kernel import clock
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import NOTHING
from mall_console.invitations.listings import INVITATIONS, people_of
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations", template_folder="templates")

PERIODS: Mapping[str, tuple[str, int]] = {"30": ("近 30 天", 30), "90": ("近 90 天", 90), "365": ("近一年", 365)}
_RANKED = 20


class Inviter(NamedTuple):
    """Who brought how many."""

    member: Member
    came: Came


@blueprint.get("")
@mall_required("invitation.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The funnel, the ranking, and why some bring nothing, of friends who joined in a period up to now."""
    period = request.args.get("of", "30")
    period = period if period in PERIODS else "30"
    now = clock.now()
    today = clock.business_date(now)
    first = today - timedelta(days=PERIODS[period][1] - 1)
    mall_id, since = workspace.mall.id, clock.start_of_day(first)
    return render_template(
        "console/invitations.html",
        periods={code: words for code, (words, _) in PERIODS.items()},
        period=period,
        opened=_count_opened(mall_id, first, today),
        came=queries.came_in(mall_id, since=since, until=now),
        ranked=_rank(mall_id, since, now),
        whys=_whys(mall_id, since, now),
        share=_share,
    )


def _count_opened(mall_id: int, first: date, last: date) -> int:
    """How often links and codes of members were opened."""
    counted = entrance.find(mall_id)
    if counted is None:
        return 0
    sums = DaySums(mall_id, [SCANS]).by_key(SCANS, first=first, last=last, keys=[counted.id])
    return sums.get(counted.id, NOTHING).count


def _rank(mall_id: int, since: datetime, until: datetime) -> list[Inviter]:
    ranked = queries.rank(mall_id, since=since, until=until, limit=_RANKED)
    who = people_of({one.inviter_id for one in ranked})
    return [Inviter(who[one.inviter_id], one.came) for one in ranked]


def _whys(mall_id: int, since: datetime, until: datetime) -> list[tuple[str, int]]:
    counts = queries.count_why(mall_id, since=since, until=until)
    return [(wording.WHYS[why], count) for why, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _share(part: int, whole: int) -> str:
    """A part in per cent; empty of nothing."""
    return f"{part * 100 / whole:.1f}%" if whole else ""


@blueprint.get("/list")
@mall_required("invitation.view")
def list_page(workspace: Workspace) -> ResponseReturnValue:
    """Every invitation, the latest first."""
    return views.page(INVITATIONS, workspace, "invitation_list")
