"""Addresses of a mall's looks and of pictures in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {"/face": "face.view", "/face/tiers": "face.view"}


def forms(world: World) -> dict[str, str]:
    places = {
        f"/pictures/mall/{world.mall.code}/logo": "face.manage",
        f"/pictures/campaign/{world.campaign.public_id}/picture": "campaign.manage",
        f"/pictures/store/{world.store.code}/picture": "face.manage",
    }
    return {
        "/face": "face.manage",
        "/face/tiers/silver": "face.manage",
        **places,
        **{f"{path}/remove": permission for path, permission in places.items()},
    }
