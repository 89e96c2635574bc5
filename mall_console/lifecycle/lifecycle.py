"""The stages of a mall's members as a picture: how many stand in each, who came and went, how far and how fast."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insights.questions import stages
from app.insights.questions.stages import Picture, Standing, Step
from app.kernel import money
from app.lifecycle.causes import queries as causes
from app.lifecycle.causes.rules import SILENT_DAYS, Cause
from app.lifecycle.causes.wording import SLEEP_CAUSES
from app.lifecycle.rules import rule_sets
from app.lifecycle.stages.models import AT_RISK, LADDER, Stage
from app.lifecycle.stages.wording import STAGES
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import cell_names, outcomes, spans
from mall_console.lifecycle.figures import months
from mall_console.lifecycle.rules import telling

blueprint = Blueprint("lifecycle", __name__, url_prefix="/lifecycle", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Shown:
    """A stage as the page draws it; `share` in per cent of all who have joined, of visitors None."""

    standing: Standing
    name: str
    meaning: str
    share: float | None
    step: Step | None

    @property
    def change(self) -> int:
        return self.standing.members - self.standing.before


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Where the mall's members stand, and how they moved in the chosen days; the targets of the last day's month."""
    chosen = spans.asked()
    if chosen is None:
        return render_template("console/lifecycle_none.html")
    picture = stages.read(workspace.mall.id, chosen.span)
    month = months.of_day(chosen.span.last_day)
    meanings = telling.meanings(rule_sets.in_force(chosen.span.last_day).rules)
    return render_template(
        "console/lifecycle.html",
        chosen=chosen,
        spans=spans.choices(),
        picture=picture,
        ladder=[_shown(picture, stage, meanings[stage]) for stage in LADDER],
        at_risk=[_shown(picture, stage, meanings[stage]) for stage in AT_RISK],
        joined=_joined(picture),
        month=month,
        outcomes=outcomes.read_month(workspace.mall.id, month.first, last=month.last) if month else (),
        silent_days=SILENT_DAYS,
        causes=_causes(workspace) if chosen.is_latest else (),
        key_of_day=cell_names.key_of_day,
    )


def _causes(workspace: Workspace) -> list[tuple[Cause, str, int]]:
    """Why the mall's members stay away now, in words with how many; nothing while nobody does."""
    counts = causes.count_causes(workspace.mall.id)
    return [(cause, SLEEP_CAUSES[cause], counts[cause]) for cause in Cause] if any(counts.values()) else []


def _joined(picture: Picture) -> int:
    return sum(one.members for stage, one in picture.standings.items() if stage is not Stage.VISITOR)


def _shown(picture: Picture, stage: Stage, meaning: str) -> Shown:
    standing, joined = picture.standings[stage], _joined(picture)
    has_share = stage is not Stage.VISITOR and joined > 0
    share = money.divide(standing.members * 1_000, joined) / 10 if has_share else None
    return Shown(standing, STAGES[stage], meaning, share, picture.steps.get(stage))
