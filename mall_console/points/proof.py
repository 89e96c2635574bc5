"""Whether the books of points add up: the last proof as an equation, what differs, and the nights before."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.identity.models import Member
from app.kernel import clock
from app.points.proof import queries
from app.points.proof.models import PointsDifference, Side
from app.points.proof.ways import Way
from app.points.proof.wording import SIDES, WAYS
from mall_console.kit.listing import cells
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_proof", __name__, url_prefix="/points/proof", template_folder="templates")

MOST_SHOWN = 100
NIGHTS_SHOWN = 31


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way in which points came or went, signed: of this mall, and of all malls with what belongs to none."""

    name: str
    mall_points: int
    points: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that differs, with the address of whose account it is; None where this mall may not look at them."""

    side: str
    who: str
    href: str | None
    row: PointsDifference


@blueprint.get("")
@mall_required("points.watch")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The last proof and the nights before it."""
    last = queries.find_last()
    mine = queries.sums_of(last.day, mall_id=workspace.mall.id) if last else {}
    total = queries.sums_of(last.day) if last else {}
    found = queries.list_differences(last.day, limit=MOST_SHOWN) if last else []
    return render_template(
        "console/points_proof.html",
        last=last,
        is_old=last is not None and last.day < clock.business_date(clock.now()) - timedelta(days=1),
        ways=[WayRow(WAYS[way], mine.get(way, 0), total.get(way, 0)) for way in Way],
        differences=[_shown(workspace, row, member) for row, member in found],
        nights=queries.list_proofs(limit=NIGHTS_SHOWN),
    )


def _shown(workspace: Workspace, row: PointsDifference, member: Member | None) -> Shown:
    if member is None:
        return Shown(SIDES[Side(row.side)], "全部会员", None, row)
    cell = cells.member(workspace, member)
    return Shown(SIDES[Side(row.side)], cell.text, cell.href, row)
