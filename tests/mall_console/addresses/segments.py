"""Addresses of segments in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    segment = f"/segments/{world.segment.public_id}"
    return {
        "/segments": "segment.view",
        "/segments/new": "segment.edit",
        segment: "segment.view",
        f"{segment}/edit": "segment.edit",
    }


def forms(world: World) -> dict[str, str]:
    segment = f"/segments/{world.segment.public_id}"
    return {
        "/segments": "segment.edit",
        "/segments/build": "segment.edit",
        "/segments/count": "segment.edit",
        segment: "segment.edit",
        f"{segment}/archive": "segment.edit",
    }
