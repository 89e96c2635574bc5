"""Addresses of the business circle in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/circle": "circle.view",
        "/circle/notices": "circle.view",
        f"/circle/stores/{world.store.code}": "circle.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/circle": "circle.manage",
        f"/circle/stores/{world.store.code}": "circle.manage",
    }
