"""Addresses of the lifecycle in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/lifecycle": "lifecycle.view",
        "/lifecycle/members": "lifecycle.view",
        "/lifecycle/moves": "lifecycle.view",
        "/lifecycle/matrix": "lifecycle.view",
    }
