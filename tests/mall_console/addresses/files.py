"""Addresses of lists as files in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {"/list-files": "console.enter"}


def forms(world: World) -> dict[str, str]:
    return {"/list-files": "console.enter", "/list-searches": "console.enter"}
