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
        f"/lifecycle/rules/trials/{TRIAL}": "lifecycle.rules",
    }
