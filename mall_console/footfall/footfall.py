"""Footfall: the week's picture, every counted hour, counts by hand, and what doors are called."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.entrances import entrances, footfall, footfall_queries
from app.entrances.footfall import Count, Recorded, Source
from app.entrances.models import Door
from app.kernel import clock
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.footfall import listings, week
from mall_console.footfall.listings import hour_text
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("footfall", __name__, url_prefix="/footfall", template_folder="templates")

HOURS = {str(hour): hour_text(hour) for hour in range(24)}


class NewCount(forms.Form):
    """A count by hand."""

    door = fields.Text("大门编号", most=footfall.LONGEST_DOOR, hint="已有的大门填它的编号；新编号会自动建一扇门")
    day = fields.Day("日期")
    hour = fields.Choice("时段", HOURS)
    visitors = fields.Whole(
        "进店人数", most=footfall.MOST_VISITORS, unit="人", hint="已有数据的时段会被替换，原数保留在操作记录里"
    )


class DoorForm(forms.Form):
    """What a door is called, and the entrance code that hangs there."""

    name = fields.Text("名称", most=30)
    entrance = fields.Maybe(fields.Raw("入口码", most=20, hint="门口张贴的入口码；客流与扫码、入会在一起比较"))


@blueprint.get("")
@mall_required("entrance.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The last seven days as a picture, and every hour that was counted."""
    part = views.part_of(listings.FOOTFALL, workspace)
    if part is not None:
        return part
    shown = week.read(workspace.mall.id, today=clock.business_date(clock.now()))
    return render_template("console/footfall.html", listed=views.listed(listings.FOOTFALL, workspace), week=shown)


@blueprint.get("/new")
@mall_required("entrance.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a count by hand."""
    now = clock.local(clock.now())
    doors = footfall_queries.list_doors(workspace.mall.id)
    return render_template(
        "console/footfall_new.html", form=NewCount, today=now.date(), hour=max(now.hour - 1, 0), doors=doors
    )


@blueprint.post("")
@mall_required("entrance.manage")
def record(workspace: Workspace) -> ResponseReturnValue:
    """Keep a count by hand, in place of what was said of the hour before."""
    form = NewCount.read()
    count = Count(footfall.spell_door(form.door), form.day, int(form.hour), form.visitors)

    def act() -> str:
        now, actor = clock.now(), workspace.who.actor
        done = footfall.record(workspace.mall.id, [count], source=Source.HAND, actor=actor, now=now)
        facts = {"door": count.door, "day": count.day.isoformat(), "hour": count.hour, "visitors": count.visitors}
        if done.new:
            workspace.record("footfall.record", f"mall:{workspace.mall.id}", now=now, facts=facts)
        pages.say(_said(done, count))
        return f"{workspace.base}/footfall"

    return pages.submit(workspace.who, form.typed(), act)


def _said(done: Recorded, count: Count) -> str:
    when = f"{count.day.isoformat()} {hour_text(count.hour)}"
    if done.corrected:
        return f"{when} 的客流已由 {done.corrected[0].before} 更正为 {count.visitors}"
    return f"{when} 的客流已录入" if done.new else f"{when} 的客流没有变化"


@blueprint.get("/doors/<int:door_id>")
@mall_required("entrance.manage")
def door_page(workspace: Workspace, door_id: int) -> ResponseReturnValue:
    """What a door is called and which code hangs there."""
    return render_template(
        "console/door.html", door=_get(workspace, door_id), form=DoorForm, entrances=_entrances(workspace)
    )


@blueprint.post("/doors/<int:door_id>")
@mall_required("entrance.manage")
def describe_door(workspace: Workspace, door_id: int) -> ResponseReturnValue:
    """Call it so, and say which code hangs there."""
    form, known = DoorForm.read(), _entrances(workspace)
    if form.entrance and form.entrance not in dict(known):
        raise DoorForm.entrance.refuse("请选择本商场的入口码")

    def act() -> str:
        door = _get(workspace, door_id)
        entrance_id = int(form.entrance) if form.entrance else None
        if footfall.describe(door, name=form.name, entrance_id=entrance_id):
            facts = {"name": form.name, "entrance": dict(known).get(form.entrance or "")}
            workspace.record("door.describe", f"door:{door.id}", now=clock.now(), facts=facts)
        pages.say(f"「{form.name}」已保存")
        return f"{workspace.base}/footfall"

    return pages.submit(workspace.who, form.typed(), act)


def _get(workspace: Workspace, door_id: int) -> Door:
    return footfall_queries.get_door(door_id, visible=workspace.condition("entrance.manage", Door.mall_id))


def _entrances(workspace: Workspace) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in entrances.list_entrances(mall_ids=[workspace.mall.id])]
