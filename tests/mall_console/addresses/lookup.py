"""Addresses of the look-up in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {"/lookup": "console.enter"}


def forms(world: World) -> dict[str, str]:
    return {"/lookup": "console.enter"}
