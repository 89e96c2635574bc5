"""The targets for moves between stages: those in force with what came of them, every version, a form for the next.

Members belong to the whole group, so there is one set of targets for all malls, set by whoever keeps all of them; each
mall is measured by it on its own.
"""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insights.monthly import wording as measured
from app.kernel import clock
from app.kernel.errors import DomainError
from app.lifecycle.targets import targets
from app.lifecycle.targets.models import StageTargets
from app.lifecycle.targets.targets import Target, Targets, Transition
from app.lifecycle.targets.wording import TRANSITIONS
from app.web.forms import fields
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import outcomes
from mall_console.lifecycle.figures import months

blueprint = Blueprint("stage_targets", __name__, url_prefix="/lifecycle/targets", template_folder="templates")

EDIT = "lifecycle.targets"
SETTING = Setting(
    kind="stage_targets",
    publish_action="stage_targets.publish",
    withdraw_action="stage_targets.withdraw",
    path="/lifecycle/targets",
)


class TargetsShared(DomainError):
    """The targets hold in malls that the person does not keep."""

    kind = "forbidden"
    code = "stage_targets_shared"


def _days(name: str) -> fields.Whole:
    return fields.Whole(f"{name}：期限", least=1, most=365, unit="天")


def _share(name: str) -> fields.Maybe[int]:
    return fields.Maybe(fields.Hundredths(f"{name}：至少", least=1, most=10_000, unit="%"))


class TargetsForm(versions.NewVersion):
    """Days and share of each transition; without a share nothing is aimed at."""

    join_days, join_share = _days(TRANSITIONS["join"]), _share(TRANSITIONS["join"])
    first_days, first_share = _days(TRANSITIONS["first"]), _share(TRANSITIONS["first"])
    repeat_days, repeat_share = _days(TRANSITIONS["repeat"]), _share(TRANSITIONS["repeat"])
    high_days, high_share = _days(TRANSITIONS["high"]), _share(TRANSITIONS["high"])
    back_days, back_share = _days(TRANSITIONS["back"]), _share(TRANSITIONS["back"])

    def targets(self) -> Targets:
        """What was typed."""
        return {one: Target(getattr(self, f"{one}_days"), getattr(self, f"{one}_share")) for one in Transition}


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The targets in force, what came of them, their history, and the form for the next ones for who may set them."""
    today = clock.business_date(clock.now())
    month = next(iter(months.list_counted(workspace.mall.id)), None)
    return render_template(
        "console/stage_targets.html",
        form=TargetsForm,
        transitions=list(Transition),
        names=TRANSITIONS,
        meanings=measured.MEASURES,
        in_force=targets.in_force(today),
        month=month,
        outcomes=outcomes.read_month(workspace.mall.id, month.first, last=month.last) if month else None,
        **versions.history(targets.list_versions(), now=today, default=targets.DEFAULT),
        to_targets=targets.to_targets,
        may_set=everywhere.may(workspace, EDIT),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Other targets from a coming day on; months before it are judged by those that were."""
    _ensure_keeps_all(workspace)
    form = TargetsForm.read()

    def act(now: datetime) -> StageTargets:
        return targets.publish(form.targets(), effective_from=form.effective_from, by=workspace.who.name, now=now)

    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said="新的转化目标将自 {} 起生效")


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back targets whose day has not come."""
    _ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, targets.withdraw, facts=_facts, said="自 {} 起的转化目标已撤回")


def _facts(version: StageTargets) -> dict[str, object]:
    return {"targets": "，".join(_told(one, target) for one, target in targets.to_targets(version).items())}


def _told(transition: Transition, target: Target) -> str:
    share = "不设" if target.share_bps is None else f"{target.share_bps / 100:g}%"
    return f"{TRANSITIONS[transition.value]} {target.days} 天 {share}"


def _ensure_keeps_all(workspace: Workspace) -> None:
    everywhere.ensure(workspace, EDIT, TargetsShared())
