"""Addresses of machines in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/machines": "machine.view",
        "/machines/new": "machine.manage",
    }


def forms(world: World) -> dict[str, str]:
    machine = f"/machines/{world.machine.client_id}"
    return {
        "/machines": "machine.manage",
        "/machines/off": "machine.manage",
        "/machines/on": "machine.manage",
        f"{machine}/secret": "machine.manage",
        f"{machine}/off": "machine.manage",
        f"{machine}/on": "machine.manage",
    }
