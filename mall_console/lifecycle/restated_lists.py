"""The members behind a restatement: who stands in one stage before and in another after, with the reason."""

from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.insights.questions import matrices
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.lifecycle.restatements import counting, freshness, questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Comparison
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.stages.models import MemberStage, Why
from app.lifecycle.stages.rules import Facts
from app.lifecycle.stages.wording import STAGES as NAMES
from app.lifecycle.stages.wording import explain
from app.web.forms import written
from mall_console.kit.listing import columns, views
from mall_console.kit.listing.listing import About, Column, Listing, Wanted
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import member_lists, stage_lists

blueprint = Blueprint("restated_lists", __name__, url_prefix="/lifecycle/restated", template_folder="templates")

_BETWEEN = "_"
# What the two views of a comparison are called, by what it was asked for.
SIDES = {Kind.RULES: ("现行规则", "新规则"), Kind.PAST: ("当时", "推算")}


class Cell(NamedTuple):
    """Which comparison of which restatement, and which stages before and after."""

    public_id: str
    kind: Kind
    comparison: Comparison
    old_stage: str
    stage: str


class Restated(NamedTuple):
    """A member of a cell, how they stand now, and why they stand in the cell's second stage, with the facts."""

    cell: Cell
    now: stage_lists.Stood
    facts: Facts | None
    why: str


def keys_of(found: Restatement, number: int) -> Callable[[matrices.Cell], str] | None:
    """What addresses call the cells of the comparison with this number; None where there are too many members."""
    if freshness.is_large():
        return None
    return lambda cell: _BETWEEN.join((found.public_id, str(number), cell.old_stage, cell.stage))


def find_cell(workspace: Workspace, key: str) -> Cell:
    """The cell that the mall's address names; raises NotFound for none, and where there are too many members."""
    public_id, typed, old_stage, stage = (key.split(_BETWEEN) + [""] * 4)[:4]
    found = restatements.find(workspace.mall.id, public_id)
    asked = questions.read(found.question) if found is not None else ()
    number, are_stages = written.find_row(typed), all(map(matrices.is_stage, (old_stage, stage)))
    comparison = None if number is None or number >= len(asked) else asked[number]
    if found is None or comparison is None or not are_stages or comparison.after.rules is None or freshness.is_large():
        raise NotFound(cell=key)
    return Cell(public_id, Kind(found.kind), comparison, old_stage, stage)


def _about(workspace: Workspace, key: str) -> About:
    cell = find_cell(workspace, key)
    ids = counting.select_members(cell.comparison, cell.old_stage, cell.stage, mall_id=workspace.mall.id)
    name = f"{cell.comparison.after.day}{NAMES[cell.old_stage]}-{NAMES[cell.stage]}"
    return About(key, cell, name, [MemberStage.member_id.in_(ids)])


def _read(workspace: Workspace, wanted: Wanted) -> Page[Restated]:
    cell = wanted.thing(Cell)
    page = keyset.scalars(select(MemberStage).where(*wanted.where), wanted.order, wanted.asked)
    ids = [row.member_id for row in page]
    who, reasons = stage_lists.members_of(ids), counting.explain(cell.comparison.after, ids, cell.stage)
    return page.with_items(
        [_restated(cell, stage_lists.Stood(who[row.member_id], row, ""), reasons.get(row.member_id)) for row in page]
    )


def _restated(cell: Cell, now: stage_lists.Stood, reason: tuple[Facts, Why] | None) -> Restated:
    """Without a reason is who has become another since the restatement."""
    after = cell.comparison.after
    if reason is None or after.rules is None:
        return Restated(cell, now, None, "")
    facts, why = reason
    return Restated(cell, now, facts, explain(why, facts, after.rules, on=after.day))


RESTATED: Listing[Restated] = member_lists.behind(
    "restated_members",
    "推算名单",
    read=_read,
    columns=(
        Column(key="old", head="原来", cell=lambda _, row: stage_lists.stage_cell(row.cell.old_stage)),
        Column(key="new", head="推算", cell=lambda _, row: stage_lists.stage_cell(row.cell.stage)),
        columns.text("why", "推算的原因", lambda row: row.why, look="wide"),
        columns.count("recent", "统计天数内消费", lambda row: row.facts.recent_purchases if row.facts else None),
        member_lists.NOW,
        member_lists.year(),
    ),
    nothing="没有这样的会员",
    hint="名单按现在所知的消费和到店重新判断，补录后可能与推算时略有出入。",
    about=_about,
)


@blueprint.get("/<key>")
@mall_required("lifecycle.view")
def page(workspace: Workspace, key: str) -> ResponseReturnValue:
    """The members of a cell."""
    cell = find_cell(workspace, key)
    back, sides = _asked_at(workspace, cell), SIDES[cell.kind]
    return views.page(RESTATED, workspace, "restated_members", key=key, cell=cell, sides=sides, back=back, names=NAMES)


def _asked_at(workspace: Workspace, cell: Cell) -> str:
    """The page of what was asked; the rules for who may not see trials of others."""
    pages = f"{workspace.base}/lifecycle"
    if cell.kind is Kind.PAST:
        return f"{pages}/time-machine/{cell.public_id}"
    return f"{pages}/rules/trials/{cell.public_id}" if workspace.can("lifecycle.rules") else f"{pages}/rules"
