"""Addresses of the lifecycle in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/lifecycle": "lifecycle.view",
        "/lifecycle/members": "lifecycle.view",
        "/lifecycle/moves": "lifecycle.view",
        "/lifecycle/matrix": "lifecycle.view",
        "/lifecycle/time-machine": "lifecycle.view",
        "/lifecycle/rules": "lifecycle.view",
        "/lifecycle/rules/new": "lifecycle.rules",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/lifecycle/time-machine": "lifecycle.view",
        "/lifecycle/rules": "lifecycle.rules",
        "/lifecycle/rules/1/withdraw": "lifecycle.rules",
        "/lifecycle/rules/trials/none": "lifecycle.rules",
    }
