"""Forgiving what a member owes in points, with a reason; who did it stands in the audit log."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.flows.points import debts
from app.kernel import clock
from app.points.ledger import queries as points
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen

blueprint = Blueprint("member_debts", __name__, url_prefix="/members")

PERMISSION = "points.forgive"


class ForgiveForm(forms.Form):
    """How many of the points that are owed, and why."""

    points = fields.Whole("免除积分", least=1, most=999_999_999, unit="积分")
    why = fields.Lines("原因", most=200, hint="写入操作日志，不要填写手机号等个人信息")


@blueprint.get("/<public_id>/debt")
@mall_required(PERMISSION)
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """What the member owes, and the form to forgive it."""
    member = seen.get(workspace, public_id)
    balance = points.get_balance(member.id)
    return render_template("console/member_debt.html", member=member, balance=balance, form=ForgiveForm)


@blueprint.post("/<public_id>/debt")
@mall_required(PERMISSION)
def forgive(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Forgive the points, at most what is owed by then."""
    member_id = seen.get(workspace, public_id).id
    form = ForgiveForm.read()

    def act() -> str:
        now = clock.now()
        forgiven = debts.forgive_debt(member_id, points=form.points, staff_id=workspace.who.staff_id, now=now)
        facts = {"forgiven": forgiven, "why": form.why}
        workspace.record("member.debt_forgiven", f"member:{member_id}", now=now, facts=facts)
        pages.say(f"已免除 {forgiven:,} 积分欠款")
        return f"{workspace.base}/members/{public_id}"

    return pages.submit(workspace.who, {"member": public_id, **form.typed()}, act)
