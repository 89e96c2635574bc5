"""Addresses of members in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/members": "member.view",
        "/members/merges": "member.view",
        f"/members/{world.member.public_id}": "member.view",
        "/members/found": "member.view",
        f"/members/{world.member.public_id}?tab=lifecycle": "member.view",
        f"/members/{world.member.public_id}?tab=tags": "member.view",
        f"/members/{world.member.public_id}?tab=coupons": "member.view",
        f"/members/{world.member.public_id}?tab=points": "member.view",
        f"/members/{world.member.public_id}?tab=growth": "member.view",
        f"/members/{world.member.public_id}?tab=purchases": "member.view",
        f"/members/{world.member.public_id}?tab=parking": "member.view",
        f"/members/{world.member.public_id}?tab=care": "member.view",
        f"/members/{world.member.public_id}/care": "member.care",
        f"/members/{world.member.public_id}/debt": "points.forgive",
        f"/members/{world.member.public_id}/merges/{world.merge_id}": "member.merge",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/members/search": "member.view",
        f"/members/{world.member.public_id}/phone": "member.contact",
        f"/members/{world.member.public_id}/own-data": "member.export",
        f"/members/{world.member.public_id}/care/coupons": "member.care",
        f"/members/{world.member.public_id}/care/points": "member.care",
        f"/members/{world.member.public_id}/care/notes": "member.care",
        f"/members/{world.member.public_id}/care/cases": "member.care",
        f"/members/{world.member.public_id}/debt": "points.forgive",
        f"/members/{world.member.public_id}/sleep-cause": "member.care",
        f"/members/{world.member.public_id}/merges/{world.merge_id}/undo": "member.merge",
    }
