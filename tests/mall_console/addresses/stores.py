"""Addresses of stores in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/stores": "store.view",
        "/stores/new": "store.manage",
        f"/stores/{world.store.code}": "store.view",
        "/stores/merchants": "store.view",
        f"/stores/merchants/{world.merchant.code}": "store.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/stores": "store.manage",
        f"/stores/{world.store.code}": "store.manage",
        "/stores/merchants": "store.manage",
        f"/stores/merchants/{world.merchant.code}": "store.manage",
    }
