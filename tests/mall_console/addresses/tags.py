"""Addresses of tags in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/tags": "tag.view",
        f"/tags/words/{world.word_id}": "tag.edit",
        "/tags/thresholds": "tag.view",
        "/tags/thresholds/new": "tag.edit",
    }


def forms(world: World) -> dict[str, str]:
    return {
        f"/tags/words/{world.word_id}": "tag.edit",
        f"/tags/words/{world.word_id}/take-over": "tag.edit",
        f"/tags/words/{world.word_id}/remove": "tag.edit",
        "/tags/thresholds": "tag.edit",
        "/tags/thresholds/1/withdraw": "tag.edit",
        f"/members/{world.member.public_id}/tags": "member.care",
        f"/members/{world.member.public_id}/tags/{world.word_id}/take": "member.care",
    }
