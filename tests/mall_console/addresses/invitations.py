"""Addresses of invitations in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/invitations": "invitation.view",
        "/invitations/list": "invitation.view",
        "/invitations/rules": "invitation.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/invitations/rules": "invitation.manage",
        "/invitations/rules/1/withdraw": "invitation.manage",
    }
