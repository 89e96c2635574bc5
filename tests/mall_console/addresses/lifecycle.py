"""Addresses of the lifecycle in the console."""

from tests.builders.console import World
from tests.builders.restatements import PAST, TRIAL


def pages(world: World) -> dict[str, str]:
    return {
        "/lifecycle": "lifecycle.view",
        "/lifecycle/members": "lifecycle.view",
        "/lifecycle/moves": "lifecycle.view",
        "/lifecycle/matrix": "lifecycle.view",
        "/lifecycle/matrix/members/2026-02-28_2026-03-10_2_3": "lifecycle.view",
        "/lifecycle/figures": "lifecycle.view",
        "/lifecycle/figures/members/return_7_2026-03": "lifecycle.view",
        "/lifecycle/cohorts": "lifecycle.view",
        "/lifecycle/review": "lifecycle.view",
        "/lifecycle/review/2026-03.pdf": "lifecycle.view",
        "/lifecycle/targets": "lifecycle.view",
        f"/lifecycle/restated/{TRIAL}_0_2_6-warning": "lifecycle.view",
        "/lifecycle/predictions": "lifecycle.view",
        "/lifecycle/profiles": "lifecycle.view",
        "/lifecycle/time-machine": "lifecycle.view",
        f"/lifecycle/time-machine/{PAST}": "lifecycle.view",
        "/lifecycle/rules": "lifecycle.view",
        "/lifecycle/rules/new": "lifecycle.rules",
        f"/lifecycle/rules/trials/{TRIAL}": "lifecycle.rules",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/lifecycle/time-machine": "lifecycle.view",
        "/lifecycle/rules": "lifecycle.rules",
        "/lifecycle/rules/1/withdraw": "lifecycle.rules",
        "/lifecycle/targets": "lifecycle.targets",
        "/lifecycle/targets/1/withdraw": "lifecycle.targets",
        f"/lifecycle/rules/trials/{TRIAL}": "lifecycle.rules",
    }
