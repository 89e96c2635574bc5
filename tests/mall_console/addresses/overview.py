"""Addresses of overview in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "": "overview.view",
    }
