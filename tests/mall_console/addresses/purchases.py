"""Addresses of purchases in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/purchases": "purchase.view",
        "/purchases/inbox": "purchase.view",
    }
