"""Addresses of staff in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/staff": "staff.view",
        "/staff/new": "staff.manage",
        f"/staff/{world.clerk.public_id}": "staff.view",
    }


def forms(world: World) -> dict[str, str]:
    person = f"/staff/{world.clerk.public_id}"
    return {
        "/staff": "staff.manage",
        f"{person}/roles": "staff.manage",
        f"{person}/roles/1/off": "staff.manage",
        f"{person}/password": "staff.manage",
        f"{person}/off": "staff.manage",
        f"{person}/on": "staff.manage",
    }
