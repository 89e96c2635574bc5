"""Addresses of footfall in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/footfall": "entrance.view",
        "/footfall/new": "entrance.manage",
        f"/footfall/doors/{world.door.id}": "entrance.manage",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/footfall": "entrance.manage",
        f"/footfall/doors/{world.door.id}": "entrance.manage",
    }
