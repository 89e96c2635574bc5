"""The funnel of entrances by the week: visitors, openings, joins, members in reach; its cost and what it brought."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.entrances import costs, entrances
from app.entrances import queries as entrance_queries
from app.entrances.costs import Cost
from app.entrances.models import Entrance
from app.insights.entrances import queries, weeks
from app.insights.entrances.queries import Funnel
from app.kernel import clock
from app.kernel.errors import NotFound
from app.web.forms import fields, forms, written
from app.web.pages import pages
from mall_console.entrances import funnel_lists
from mall_console.entrances.funnel_lists import FUNNEL
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("entrance_funnel", __name__, url_prefix="/entrances/funnel", template_folder="templates")

WEEKS_SHOWN = 12


class CostForm(forms.Form):
    """What an entrance cost in a week besides benefits."""

    entrance = fields.Raw("入口", most=20)
    amount = fields.Hundredths("成本", most=costs.MOST_FEN, unit="元", hint="填 0 表示撤销已录入的成本")
    note = fields.Maybe(fields.Text("用途", most=100, placeholder="例如：海报印刷、地推人员、投放"))


@blueprint.get("")
@mall_required("entrance.view")
def latest_page(workspace: Workspace) -> ResponseReturnValue:
    """The last week that is over, where it is counted; else this one."""
    this = weeks.week_of(clock.business_date(clock.now()))
    last = this - weeks.WEEK
    counted = queries.list_weeks(workspace.mall.id, first=last, last=last)
    return _page(workspace, last if counted else this)


@blueprint.get("/<week>")
@mall_required("entrance.view")
def week_page(workspace: Workspace, week: str) -> ResponseReturnValue:
    """A week that begins on the Monday that the address names."""
    return _page(workspace, _monday(week))


def _page(workspace: Workspace, week: date) -> ResponseReturnValue:
    path = f"{workspace.base}/entrances/funnel/{week.isoformat()}"
    part = views.part_of(FUNNEL, workspace, key=week.isoformat())
    if part is not None:
        return part
    this = weeks.week_of(clock.business_date(clock.now()))
    last = min(max(week + 3 * weeks.WEEK, week), this)
    shown = queries.list_weeks(workspace.mall.id, first=last - (WEEKS_SHOWN - 1) * weeks.WEEK, last=last)
    return render_template(
        "console/entrance_funnel.html",
        listed=views.listed(FUNNEL, workspace, key=week.isoformat(), path=path),
        week=week,
        title=funnel_lists.title_of(week),
        earlier=week - weeks.WEEK,
        later=week + weeks.WEEK if week < this else None,
        is_open=week == this,
        funnel=next((one for one in shown if one.week.week == week), None),
        weeks=shown,
        most=_most(shown),
        share_text=funnel_lists.share_text,
    )


def _most(shown: list[Funnel]) -> int:
    """The greatest number of joins of a week, for its bar."""
    return max((one.week.joined for one in shown), default=0)


@blueprint.get("/<week>/costs")
@mall_required("entrance.manage")
def cost_page(workspace: Workspace, week: str) -> ResponseReturnValue:
    """The form for what an entrance cost in the week."""
    monday, known = _monday(week), _entrances(workspace)
    asked = request.args.get("entrance", "")
    entered = costs.find(int(asked), monday) if asked in dict(known) else None
    return render_template(
        "console/entrance_cost.html",
        form=CostForm,
        week=monday,
        title=funnel_lists.title_of(monday),
        entrances=known,
        asked=asked,
        entered=entered,
    )


@blueprint.post("/<week>/costs")
@mall_required("entrance.manage")
def enter_cost(workspace: Workspace, week: str) -> ResponseReturnValue:
    """Keep what it cost, in place of what was entered before."""
    monday, form = _monday(week), CostForm.read()
    if form.entrance not in dict(_entrances(workspace)):
        raise CostForm.entrance.refuse("请选择本商场的入口")
    cost = Cost(amount_fen=form.amount, note=form.note or "")

    def act() -> str:
        now, entrance = clock.now(), _get(workspace, int(form.entrance))
        before = costs.enter(entrance, monday, cost, by=workspace.who.name, now=now)
        if before != cost:
            facts = {"cost_week": monday.isoformat(), "cost_fen": cost.amount_fen, "note": cost.note}
            facts |= {"cost_fen_before": before.amount_fen} if before else {}
            workspace.record("entrance.enter_cost", f"entrance:{entrance.id}", now=now, facts=facts)
        weeks.show(entrance, monday)
        pages.say(f"「{entrance.name}」的成本已保存")
        return f"{workspace.base}/entrances/funnel/{monday.isoformat()}"

    return pages.submit(workspace.who, {**form.typed(), "week": monday.isoformat()}, act)


def _monday(week: str) -> date:
    day = written.find_day(week)
    if day is None or day != weeks.week_of(day) or day > clock.business_date(clock.now()) + timedelta(days=1):
        raise NotFound(week=week)
    return day


def _get(workspace: Workspace, entrance_id: int) -> Entrance:
    visible = workspace.condition("entrance.manage", Entrance.mall_id)
    return entrance_queries.get_entrance(entrance_id, visible=visible)


def _entrances(workspace: Workspace) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in entrances.list_entrances(mall_ids=[workspace.mall.id])]
