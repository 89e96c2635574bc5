"""Addresses of entrances in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/entrances": "entrance.view",
        "/entrances/scans": "entrance.view",
        "/entrances/funnel": "entrance.view",
        "/entrances/funnel/2026-03-09": "entrance.view",
        "/entrances/funnel/2026-03-09/costs": "entrance.manage",
        "/entrances/new": "entrance.manage",
        f"/entrances/{world.entrance.id}": "entrance.view",
        f"/entrances/{world.entrance.id}/poster.png": "entrance.view",
        f"/entrances/{world.entrance.id}/poster.pdf": "entrance.view",
    }


def forms(world: World) -> dict[str, str]:
    entrance = f"/entrances/{world.entrance.id}"
    return {
        "/entrances": "entrance.manage",
        "/entrances/funnel/2026-03-09/costs": "entrance.manage",
        f"{entrance}/code": "entrance.manage",
        f"{entrance}/contact-way": "entrance.manage",
        f"{entrance}/headline": "entrance.manage",
        f"{entrance}/off": "entrance.manage",
        f"{entrance}/on": "entrance.manage",
    }
