"""How near predictions come: when they were fitted, what was found, and the last back-test, expected beside actual."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.lifecycle.predictions import calibrating, queries
from app.lifecycle.predictions.models import PredictionFit
from app.lifecycle.predictions.rules import HORIZON_DAYS, LEAST_BUYERS, LEAST_REPEAT_BUYERS
from app.lifecycle.predictions.wording import OBSTACLES
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("calibration", __name__, url_prefix="/lifecycle/predictions", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Found:
    """What the parameters say: usual days between purchases, who stops after one, what a day brings. None: no fit."""

    gap_days: float | None
    stopping_permille: int | None
    spend_fen: int | None


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The model in force and its last back-test."""
    fit = queries.find_fit()
    return render_template(
        "console/predictions.html",
        fit=fit,
        found=_found(fit) if fit else None,
        obstacles=[OBSTACLES[one] for one in _obstacles(fit)],
        test=queries.find_backtest(),
        horizon=HORIZON_DAYS,
        least=(LEAST_BUYERS, LEAST_REPEAT_BUYERS),
    )


def _found(fit: PredictionFit) -> Found:
    buying, amounts = queries.buying_of(fit), queries.amounts_of(fit)
    return Found(
        calibrating.days_between_purchases(buying) if buying else None,
        calibrating.stopping_permille(buying) if buying else None,
        calibrating.usual_spend_fen(amounts) if amounts else None,
    )


def _obstacles(fit: PredictionFit | None) -> list[str]:
    told = {fit.buying_obstacle, fit.amounts_obstacle} if fit else set()
    return sorted(one for one in told if one)
