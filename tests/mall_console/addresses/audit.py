"""Addresses of audit in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/audit": "audit.view",
    }
