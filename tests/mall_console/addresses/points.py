"""Addresses of points in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/points": "overview.view",
        "/points/rules": "earning.view",
        "/points/rules/new": "earning.manage",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/points/rules": "earning.manage",
        "/points/rules/example": "earning.manage",
        "/points/rules/1/withdraw": "earning.manage",
    }
