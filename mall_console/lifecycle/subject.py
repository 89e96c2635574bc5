"""What the console shows of the lifecycle."""

from markupsafe import Markup

from mall_console.kit.menu import Group, MenuEntry
from mall_console.lifecycle import lifecycle, restated_lists, stage_lists
from mall_console.lifecycle.figures import cohorts, figure_rows, figures, review
from mall_console.lifecycle.knowing import calibration, completeness
from mall_console.lifecycle.matrix import cell_lists, matrix
from mall_console.lifecycle.past import time_machine
from mall_console.lifecycle.rules import rules, trials
from mall_console.lifecycle.targets import targets

BLUEPRINTS = (
    lifecycle.blueprint,
    stage_lists.blueprint,
    restated_lists.blueprint,
    matrix.blueprint,
    cell_lists.blueprint,
    rules.blueprint,
    trials.blueprint,
    time_machine.blueprint,
    figures.blueprint,
    figure_rows.blueprint,
    cohorts.blueprint,
    review.blueprint,
    targets.blueprint,
    calibration.blueprint,
    completeness.blueprint,
)
_DRAWING = Markup('<path d="M4 17c3.5 0 3.5-9 8-9s4.5 5 8 5M16.8 9.8 20 13l-3.2 3.2"/><circle cx="4" cy="17" r="1"/>')
MENU = (
    MenuEntry(
        "会员分层", "/lifecycle", "lifecycle.view", icon="lifecycle", group=Group.MEMBERS, position=15, drawing=_DRAWING
    ),
)
LISTINGS = (
    stage_lists.STANDINGS,
    stage_lists.MOVES,
    cell_lists.CELL,
    figure_rows.MEASURED,
    restated_lists.RESTATED,
)
