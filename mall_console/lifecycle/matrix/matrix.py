"""The migration matrix of two days: how many went from which stage to which, and of how many."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.monthly import moves
from app.insights.questions.matrices import STAGES, Cell, Direction, Matrix
from app.kernel import clock
from app.kernel.money import Share
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import NOWHERE
from app.lifecycle.stages.wording import STAGES as NAMES
from app.web.forms import written
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import cell_names, tables

blueprint = Blueprint("matrix", __name__, url_prefix="/lifecycle/matrix", template_folder="templates")

CAME, WENT = "新出现", "合并到其他会员"
_GREATEST = 6
# From which share of a row on a cell is drawn in the next stronger colour.
_STEPS_BPS = (200, 1_000, 2_500, 5_000)


@dataclass(frozen=True, slots=True)
class Days:
    """The two days asked for, and what was wrong with what was typed for each."""

    first: date
    second: date
    problems: dict[str, str]


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The matrix of two days; as CSV with `?export=csv`."""
    night = nights.find_last()
    if night is None:
        return render_template("console/lifecycle_none.html")
    days = _asked(night.day)
    matrix = moves.read_matrix(workspace.mall.id, days.first, days.second)
    if request.args.get("export") == "csv":
        return _as_csv(workspace, matrix)
    return render_template(
        "console/stage_matrix.html",
        days=days,
        matrix=matrix,
        shortcuts=_shortcuts(night.day),
        last=night.day,
        rows=_rows(matrix),
        columns=_columns(matrix),
        greatest=matrix.greatest(_GREATEST),
        figures=_figures(matrix),
        name_of=name_of,
        look_of=_look_of,
        key_of=cell_names.key_of,
    )


def name_of(stage: str, nowhere: str) -> str:
    """A stage in words; `nowhere` for those who stood in none."""
    return NAMES.get(stage, nowhere)


def month_ends(last: date) -> tuple[date, date]:
    """The last day of the last month that is over at the end of this day, and that of the month before."""
    end = clock.first_of_month(last + timedelta(days=1)) - timedelta(days=1)
    return clock.first_of_month(end) - timedelta(days=1), end


def _asked(last: date) -> Days:
    """What the address names; the last whole month where it names nothing that could be."""
    usual, problems = dict(zip(("from", "to"), month_ends(last), strict=True)), {}
    found = {}
    for name, otherwise in usual.items():
        typed = request.args.get(name, "")
        day = written.find_day(typed) if typed else otherwise
        if day is None:
            problems[name] = "请填写日期，如 2026-10-31"
        elif day > last:
            problems[name] = f"只算到 {last}，请选这一天或更早"
        found[name] = otherwise if name in problems or day is None else day
    if found["from"] > found["to"]:
        if not problems:
            problems["to"] = "结束日期不能早于开始日期"
        found = usual
    return Days(found["from"], found["to"], problems)


def _shortcuts(last: date) -> list[tuple[str, date, date]]:
    before, end = month_ends(last)
    this_month = [("本月至今", end, last)] if end < last else []
    return [
        ("上月", before, end),
        *this_month,
        ("近 90 天", last - timedelta(days=90), last),
        ("近一年", last - timedelta(days=365), last),
    ]


def _rows(matrix: Matrix) -> list[str]:
    return [*(stage.value for stage in STAGES), *([NOWHERE] if matrix.stood_first(NOWHERE) else [])]


def _columns(matrix: Matrix) -> list[str]:
    return [*(stage.value for stage in STAGES), *([NOWHERE] if matrix.stood_second(NOWHERE) else [])]


def _figures(matrix: Matrix) -> list[tuple[str, int, Share | None, Direction]]:
    """What the matrix comes to: members by direction, and their share of all who stood somewhere."""
    of = matrix.stood_before
    named = (("上升", Direction.RISEN), ("下滑", Direction.FALLEN), ("不变", Direction.STAYED))
    found = [(name, matrix.total(direction), direction) for name, direction in named]
    shared = [(name, members, Share.of(members, of), direction) for name, members, direction in found]
    return [*shared, (CAME, matrix.total(Direction.CAME), None, Direction.CAME)]


def _look_of(cell: Cell) -> str:
    """Its direction, and how strong its colour is."""
    strength = sum(cell.share is not None and cell.share.reaches(step) for step in _STEPS_BPS)
    return f"cell-{cell.direction.value} cell-{strength}"


def _as_csv(workspace: Workspace, matrix: Matrix) -> ResponseReturnValue:
    rows: list[Any] = [
        (
            name_of(cell.old_stage, CAME),
            name_of(cell.stage, WENT),
            cell.members,
            matrix.stood_first(cell.old_stage),
            tables.percent(cell.share),
        )
        for cell in (matrix.cell(old, new) for old in _rows(matrix) for new in _columns(matrix))
        if cell.members
    ]
    heads = ("期初分层", "期末分层", "人数", "期初人数", "占期初")
    about = f"{matrix.first}至{matrix.second}"
    return tables.send_csv(workspace, "分层迁移", about=about, heads=heads, rows=rows)
