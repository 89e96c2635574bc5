"""The members of one cell of the matrix: who stood in one stage on one day, and in another on a later one."""

from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.kernel.db import take_long
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import MemberStage
from app.lifecycle.stages.wording import ACTIVITIES
from app.lifecycle.stages.wording import STAGES as NAMES
from mall_console.kit.listing import columns, views
from mall_console.kit.listing.listing import About, Column, Listing, Wanted
from mall_console.kit.listing.narrowing import Choice
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import cell_names, member_lists, stage_lists, stories
from mall_console.lifecycle.cell_names import CellName
from mall_console.lifecycle.stage_lists import Stood

blueprint = Blueprint("matrix_cells", __name__, url_prefix="/lifecycle/matrix/members", template_folder="templates")


class InCell(NamedTuple):
    """A member of a cell: where they stood at both ends, and how they stand now."""

    old_stage: str
    stage: str
    now: Stood


def _about(workspace: Workspace, key: str) -> About:
    cell = cell_names.find_cell(key)
    take_long()  # all moves since the first day are looked through
    ids = moved.stood(cell.first, cell.second, old=cell.old_stage, new=cell.stage, mall_id=workspace.mall.id)
    return About(key, cell, _file_name(cell), [MemberStage.member_id.in_(ids)])


def _file_name(cell: CellName) -> str:
    if cell.is_of_one_day:
        return f"{cell.first}{NAMES[cell.stage]}"
    return f"{cell.first}{NAMES.get(cell.old_stage, '未出现')}-{cell.second}{NAMES[cell.stage]}"


def _read(workspace: Workspace, wanted: Wanted) -> Page[InCell]:
    cell = wanted.thing(CellName)
    page = keyset.scalars(select(MemberStage).where(*wanted.where), wanted.order, wanted.asked)
    who, reasons = stage_lists.members_of(row.member_id for row in page), stories.of_standings(page.items)
    return page.with_items(
        [InCell(cell.old_stage, cell.stage, Stood(who[row.member_id], row, reasons[row.member_id])) for row in page]
    )


CELL: Listing[InCell] = member_lists.behind(
    "stage_matrix_members",
    "分层迁移名单",
    read=_read,
    columns=(
        Column(key="old", head="期初分层", cell=lambda _, row: stage_lists.stage_cell(row.old_stage)),
        Column(key="new", head="期末分层", cell=lambda _, row: stage_lists.stage_cell(row.stage)),
        member_lists.NOW,
        member_lists.WHY,
        member_lists.day("since", "进入日期", lambda row: row.now.stage.since),
        member_lists.year(),
        columns.money("ever", "累计消费", lambda row: row.now.stage.monetary_fen, is_extra=True),
    ),
    filters=(Choice("activity", "现在的活跃度", ACTIVITIES, lambda code: MemberStage.activity == code, "全部"),),
    nothing="没有会员这样变动",
    hint="这两天之间没有会员从期初分层到期末分层。",
    about=_about,
)


@blueprint.get("/<key>")
@mall_required("lifecycle.view")
def page(workspace: Workspace, key: str) -> ResponseReturnValue:
    """The members of a cell."""
    return views.page(CELL, workspace, "stage_matrix_members", key=key, cell=cell_names.find_cell(key), names=NAMES)
