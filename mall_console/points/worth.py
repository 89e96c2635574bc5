"""What points buy: the factor in force, every version of it, and a form with a sum to try the next one on.

Points are good in every mall of the group, so the factor is the group's: every mall sees it, and it is published and
taken back by whoever keeps all malls.
"""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.points.worth import factors, rules, wording
from app.points.worth.models import PointsFactor
from app.web.forms import forms
from app.web.forms.fields import Hundredths
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_worth", __name__, url_prefix="/points/worth", template_folder="templates")

EDIT = "points_factor.manage"
SETTING = Setting(
    kind="points_factor",
    publish_action="points_factor.publish",
    withdraw_action="points_factor.withdraw",
    path="/points/worth",
)
# What the form asks for: so many points are worth how many fen. One fen of it is a percent of a point's anchor.
ASKED_POINTS = 100
EXAMPLES = (100, 500, 2_000, 10_000)
_STEP_BPS = rules.ANCHOR_BPS // ASKED_POINTS


class FactorShared(DomainError):
    """The factor holds in malls that the person does not keep."""

    kind = "forbidden"
    code = "points_factor_shared"


class FactorForm(versions.NewVersion):
    """What a hundred points buy."""

    hundred_fen = Hundredths(
        f"{ASKED_POINTS} 积分抵多少元",
        least=rules.LEAST_BPS // _STEP_BPS,
        most=rules.MOST_BPS // _STEP_BPS,
        unit="元",
    )

    @property
    def factor_bps(self) -> int:
        """The factor that was asked for."""
        return int(self.hundred_fen) * _STEP_BPS


@blueprint.get("")
@mall_required("points_factor.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What points buy today, what is to come, every version, and the form for the next one."""
    today = clock.business_date(clock.now())
    return render_template(
        "console/points_worth.html",
        factor_bps=factors.in_force(today),
        coming=factors.find_coming(today=today),
        examples=_examples(factors.in_force(today)),
        **versions.history(factors.list_versions(), now=today, default=rules.ANCHOR_BPS),
        rate_line=wording.rate_line,
        form=FactorForm,
        may_set=workspace.can(EDIT) and everywhere.may(workspace, EDIT),
    )


@blueprint.post("/example")
@mall_required(EDIT)
def example(workspace: Workspace) -> ResponseReturnValue:
    """What the typed factor makes of some sums of points."""
    try:
        wanted = FactorForm.read().factor_bps
    except (forms.FieldInvalid, forms.FormInvalid):
        return render_template("console/_worth_example.html", examples=None)
    now_bps = factors.at(clock.now())
    return render_template("console/_worth_example.html", examples=_examples(wanted), before=dict(_examples(now_bps)))


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let a factor hold from a coming day on."""
    everywhere.ensure(workspace, EDIT, FactorShared())
    form = FactorForm.read()

    def act(now: datetime) -> PointsFactor:
        return factors.publish(form.factor_bps, effective_from=form.effective_from, by=workspace.who.name, now=now)

    said = f"自 {{}} 起，{wording.rate_line(form.factor_bps)}"
    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a factor whose day has not come."""
    everywhere.ensure(workspace, EDIT, FactorShared())
    return SETTING.withdraw(workspace, version_id, factors.withdraw, facts=_facts, said="自 {} 起的抵用比例已撤回")


def _facts(version: PointsFactor) -> dict[str, object]:
    return {"factor_bps": version.factor_bps}


def _examples(factor_bps: int) -> list[tuple[int, int]]:
    """Some sums of points with what they buy, in fen."""
    return [(points, rules.worth_fen(points, factor_bps)) for points in EXAMPLES]
