"""Doing something for a member by hand: a coupon, points, a note, a case for colleagues."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns import rules as campaign_rules
from app.benefits.campaigns.models import Campaign
from app.benefits.campaigns.rules import State
from app.care import budgets, rules, wording
from app.care.care import Carer
from app.flows import care
from app.flows.members import adjusting
from app.identity.models import Member
from app.kernel import clock
from app.points.ledger import queries as points
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members.seen import get

blueprint = Blueprint("care", __name__, url_prefix="/members/<public_id>/care")

PERMISSION = "member.care"
MOST_NOTE = 300
WAYS = {"give": "增加", "take": "扣减"}


class NoteForm(forms.Form):
    """What colleagues should know."""

    note = fields.Lines("备注", most=MOST_NOTE)


class CouponForm(forms.Form):
    """A coupon for the member."""

    campaign = fields.Text("优惠券", most=40)
    why = fields.Choice("原因", wording.WHY)
    note = fields.Lines("情况说明", most=MOST_NOTE, hint="仅同事可见，会员只看到上面的原因")


class PointsForm(forms.Form):
    """Points given or taken."""

    way = fields.Choice("增加或扣减", WAYS)
    points = fields.Whole(
        "积分",
        least=1,
        most=rules.MOST_ASKED_POINTS,
        unit="积分",
        hint=f"一次超过 {rules.MOST_POINTS:,} 积分须经另一位同事审批",
    )
    why = fields.Choice("原因", wording.WHY)
    note = fields.Lines("情况说明", most=MOST_NOTE, hint="仅同事可见，会员只看到上面的原因")


@blueprint.get("")
@mall_required(PERMISSION)
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """What can be done for the member, and within which limits."""
    member = get(workspace, public_id)
    return render_template(
        "console/member_care.html",
        member=member,
        balance=points.get_balance(member.id),
        campaigns=[(one.public_id, one.title) for one in _offered(workspace)],
        limits=(rules.MEMBER_LIMITS, rules.PERSON_LIMITS),
        budget=budgets.get(workspace.mall.id, now=clock.now()),
        coupon_form=CouponForm,
        points_form=PointsForm,
        note_form=NoteForm,
    )


@blueprint.post("/coupons")
@mall_required(PERMISSION)
def give_coupon(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Give the member a coupon of one of the mall's running campaigns."""
    member = get(workspace, public_id)
    form = CouponForm.read()

    def act(member: Member) -> str:
        chosen = next((one for one in _offered(workspace) if one.public_id == form.campaign), None)
        if chosen is None:
            raise CouponForm.campaign.refuse("请选择正在发放的活动")
        care.give_coupon(member.id, chosen, _carer(workspace, form.note, form.why), now=clock.now())
        _note(workspace, "care.give_coupon", member, {"campaign": chosen.code, "why": form.why})
        return f"「{chosen.title}」已发放到会员账户"

    return _submit(workspace, member, form, act)


@blueprint.post("/points")
@mall_required(PERMISSION)
def adjust_points(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Give the member points or take some."""
    member = get(workspace, public_id)
    form = PointsForm.read()
    change = form.points if form.way == "give" else -form.points

    def act(member: Member) -> str:
        by = _carer(workspace, form.note, form.why)
        entry = adjusting.adjust_points(member.id, change, by, now=clock.now())
        action = "care.ask_points" if entry is None else "care.adjust_points"
        _note(workspace, action, member, {"points": change, "why": form.why})
        if entry is None:
            return f"{WAYS[form.way]} {form.points:,} 积分须经另一位同事审批，申请已提交到「待办」"
        return f"已{WAYS[form.way]} {form.points:,} 积分"

    return _submit(workspace, member, form, act)


@blueprint.post("/notes")
@mall_required(PERMISSION)
def add_note(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Write something down about the member."""
    return _write(workspace, public_id, care.note_about, "care.note", "备注已添加")


@blueprint.post("/cases")
@mall_required(PERMISSION)
def open_case(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Ask colleagues to see to the member."""
    return _write(workspace, public_id, care.open_case, "care.open_case", "待办已提交，运营团队会在「待办」中处理")


def _write(
    workspace: Workspace, public_id: str, write: Callable[..., object], action: str, said: str
) -> ResponseReturnValue:
    member = get(workspace, public_id)
    form = NoteForm.read()

    def act(member: Member) -> str:
        write(member.id, _carer(workspace, form.note), now=clock.now())
        _note(workspace, action, member, {})
        return said

    return _submit(workspace, member, form, act)


def _submit(
    workspace: Workspace, member: Member, form: forms.Form, act: Callable[[Member], str]
) -> ResponseReturnValue:
    public_id = member.public_id

    def once() -> str:
        pages.say(act(get(workspace, public_id)))
        return f"{workspace.base}/members/{public_id}?tab=care"

    return pages.submit(workspace.who, {"member": public_id, **form.typed()}, once)


def _offered(workspace: Workspace) -> list[Campaign]:
    today = clock.business_date(clock.now())
    every = campaign_queries.list_campaigns(workspace.mall.id)
    return [one for one in every if campaign_rules.state_on(one, today) is State.RUNNING]


def _carer(workspace: Workspace, note: str, reason: str = "") -> Carer:
    who = workspace.who
    return Carer(staff_id=who.staff_id, name=who.name, mall_id=workspace.mall.id, reason=reason, note=note)


def _note(workspace: Workspace, action: str, member: Member, facts: dict[str, Any]) -> None:
    workspace.record(action, f"member:{member.id}", now=clock.now(), facts=facts)
