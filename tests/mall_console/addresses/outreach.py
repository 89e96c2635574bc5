"""Addresses of outreach in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    message = f"/messages/{world.message.member_id}-{world.message.id}"
    return {
        "/messages": "message.view",
        message: "message.view",
        "/messages/rules": "message.view",
        "/messages/prices": "message.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/messages/rules": "message.manage",
        "/messages/rules/1/withdraw": "message.manage",
        "/messages/prices": "message.manage",
        "/messages/prices/1/withdraw": "message.manage",
    }
