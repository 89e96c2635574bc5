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
from app.web.forms import forms
from app.web.forms.fields import Hundredths
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_worth", __name__, url_prefix="/points/worth", template_folder="templates")

EDIT = "points_factor.manage"
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
    found = factors.list_versions()
    return render_template(
        "console/points_worth.html",
        factor_bps=factors.in_force(today),
        coming=factors.find_coming(today=today),
        examples=_examples(factors.in_force(today)),
        listed=versions.listed(found, now=today, begun=today),
        default_bps=rules.ANCHOR_BPS,
        default_standing=versions.REPLACED if any(one.effective_from <= today for one in found) else versions.IN_FORCE,
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
    _ensure_keeps_all(workspace)
    form = FactorForm.read()

    def change(now: datetime) -> Changed:
        version = factors.publish(form.factor_bps, effective_from=form.effective_from, by=workspace.who.name, now=now)
        return Changed(
            subject=f"points_factor:{version.id}",
            day=version.effective_from,
            facts={"factor_bps": version.factor_bps},
            said=f"自 {version.effective_from} 起，{wording.rate_line(version.factor_bps)}",
            is_change=version.is_new,
        )

    return versions.submit(workspace, "points_factor.publish", form.typed(), change, back=_list(workspace))


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a factor whose day has not come."""
    _ensure_keeps_all(workspace)

    def change(now: datetime) -> Changed:
        gone = factors.withdraw(version_id, now=now)
        return Changed(
            subject=f"points_factor:{version_id}",
            day=gone.effective_from,
            facts={"factor_bps": gone.factor_bps},
            said=f"自 {gone.effective_from} 起的抵用比例已撤回",
        )

    return versions.submit(workspace, "points_factor.withdraw", {"version": version_id}, change, back=_list(workspace))


def _ensure_keeps_all(workspace: Workspace) -> None:
    if not everywhere.may(workspace, EDIT):
        raise FactorShared


def _examples(factor_bps: int) -> list[tuple[int, int]]:
    """Some sums of points with what they buy, in fen."""
    return [(points, rules.worth_fen(points, factor_bps)) for points in EXAMPLES]


def _list(workspace: Workspace) -> str:
    return f"{workspace.base}/points/worth"
