"""Addresses of callbacks in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {"/callbacks": "callback.view", f"/callbacks/{world.callback_id}": "callback.view"}


def forms(world: World) -> dict[str, str]:
    callback = f"/callbacks/{world.callback_id}"
    return {f"{callback}/again": "callback.manage", f"{callback}/settled": "callback.manage"}
