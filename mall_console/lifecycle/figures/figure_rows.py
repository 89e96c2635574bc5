"""The members behind a measure of a month: over whom it is, and what each of them had."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import Subquery, select

from app.identity import people
from app.insights.monthly import counting, measures, wording
from app.insights.monthly.measures import Measure, Unit
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.lifecycle.stages.models import MemberStage
from app.lifecycle.targets import targets
from mall_console.kit.listing import cells, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import member_lists, stage_lists, stories
from mall_console.lifecycle.figures import months, telling
from mall_console.lifecycle.figures.months import Month
from mall_console.lifecycle.stage_lists import Stood

blueprint = Blueprint("figure_rows", __name__, url_prefix="/lifecycle/figures/members", template_folder="templates")

WHICH = ("", "reached", "missed")


class Asked(NamedTuple):
    """A measure of a month, and whether only those who reached it, or missed it, are asked for."""

    measure: Measure
    month: Month
    which: str

    @property
    def name(self) -> str:
        return wording.MEASURES[self.measure.code][0]

    @property
    def sides(self) -> dict[str, str]:
        """All, those who have what a share counts, and those who have not, in words."""
        return dict(zip(WHICH, ("全部", *telling.sides_of(self.measure)), strict=True))

    @property
    def has_sides(self) -> bool:
        return self.measure.unit is Unit.SHARE


class Had(NamedTuple):
    """A member, since when they are watched, and what they had."""

    now: Stood
    since: date
    value: float | None
    measure: Measure


def key_of(code: str, month: Month, which: str = "") -> str:
    """What addresses call the rows of a measure."""
    return "_".join((code, month.key, *([which] if which else [])))


def find_asked(key: str) -> Asked:
    """What an address asks for; raises NotFound."""
    head, _, which = key.rpartition("_")
    code, _, name = (head if which in WHICH and which else key).rpartition("_")
    month = months.find(name)
    measure = None if month is None else measures.find(code, targets.in_force(month.last))
    if month is None or measure is None:
        raise NotFound(figure=key)
    return Asked(measure, month, which if which in WHICH else "")


def _measured(asked: Asked) -> Subquery:
    return counting.rows(asked.measure, asked.month.period, merged=people.list_merged()).subquery("measured")


def _about(workspace: Workspace, key: str) -> About:
    asked = find_asked(key)
    rows = _measured(asked)
    ids = select(rows.c.member_id).where(rows.c.home_mall_id == workspace.mall.id)
    if asked.measure.may_lack:
        ids = ids.where(rows.c.value.is_not(None))
    if asked.which:
        ids = ids.where(rows.c.value > 0 if asked.which == "reached" else rows.c.value <= 0)
    side = f"-{asked.sides[asked.which]}" if asked.which else ""
    return About(key, asked, f"{asked.name}-{asked.month.key}{side}", [MemberStage.member_id.in_(ids)])


def _read(workspace: Workspace, wanted: Wanted) -> Page[Had]:
    asked = wanted.thing(Asked)
    page = keyset.scalars(select(MemberStage).where(*wanted.where), wanted.order, wanted.asked)
    ids = [row.member_id for row in page]
    who, reasons = stage_lists.members_of(ids), stories.of_standings(page.items)
    rows = _measured(asked)
    found = db.session.execute(select(rows.c.member_id, rows.c.since, rows.c.value).where(rows.c.member_id.in_(ids)))
    had = {member_id: (since, None if value is None else float(value)) for member_id, since, value in found}
    return page.with_items(
        [
            Had(Stood(who[row.member_id], row, reasons[row.member_id]), *had[row.member_id], asked.measure)
            for row in page
            if row.member_id in had
        ]
    )


def _value(workspace: Workspace, row: Had) -> Cell:
    text = telling.value_text(row.measure, row.value)
    if row.measure.unit is not Unit.SHARE:
        return cells.text(text)
    return cells.tag(text, ("warn" if row.measure.is_less_better else "good") if row.value else "plain")


MEASURED: Listing[Had] = member_lists.behind(
    "stage_measure_members",
    "分层指标明细",
    read=_read,
    columns=(
        Column(key="value", head="结果", cell=_value, look="num nowrap"),
        member_lists.day("watched", "起算日期", lambda row: row.since),
        member_lists.NOW,
        member_lists.WHY,
        member_lists.day("joined", "入会日期", lambda row: row.now.stage.joined_on),
        member_lists.year(is_extra=True),
    ),
    nothing="这个月没有会员计入",
    hint="符合口径的会员会出现在这里。",
    about=_about,
)


@blueprint.get("/<key>")
@mall_required("lifecycle.view")
def page(workspace: Workspace, key: str) -> ResponseReturnValue:
    """The members behind a measure."""
    asked = find_asked(key)
    return views.page(
        MEASURED,
        workspace,
        "stage_figure_members",
        key=key,
        about=asked,
        meaning=wording.MEASURES[asked.measure.code][1],
        sides=[(label, key_of(asked.measure.code, asked.month, which), which) for which, label in asked.sides.items()],
    )
