"""Points that came to members and left them, as booked for the mall."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.points.ledger import entry_queries
from app.points.ledger.models import EntryKind, PointsEntry
from mall_console.kit import filters, paging
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points", __name__, url_prefix="/points", template_folder="templates")

WAYS = {
    "earned": PointsEntry.kind == EntryKind.ACCRUE,
    "spent": PointsEntry.kind == EntryKind.REDEEM,
    "other": PointsEntry.kind.not_in([EntryKind.ACCRUE, EntryKind.REDEEM]),
}


@blueprint.get("")
@mall_required("overview.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's entries, the latest first."""
    way = WAYS.get(request.args.get("way", ""))
    rows = entry_queries.list_entries_of_mall(
        workspace.condition("overview.view", PointsEntry.mall_id),
        *filters.of_day(PointsEntry.occurred_at),
        *([] if way is None else [way]),
        asked=paging.asked(),
    )
    return paging.render_list("points", rows=rows)
