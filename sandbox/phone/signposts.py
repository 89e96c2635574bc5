"""Where codes hang, as a shopper in front of them would see it: read off the product's public page of each entrance."""

from collections.abc import Iterable

import requests

from sandbox.kit.world import World

PATIENCE_SECONDS = 2
MOST_AT_ONCE = 12  # the rest is read the next time the list is shown


def read(here: World, scenes: Iterable[str]) -> dict[str, str]:
    """Mall and entrance by scene, as far as known; a product that does not answer is asked again later."""
    wanted = list(scenes)
    unknown = [scene for scene in wanted if scene not in here.signposts][:MOST_AT_ONCE]
    with requests.Session() as session:
        session.trust_env = False  # The product stands on this machine: no proxy in between.
        for scene in unknown:
            try:
                here.signposts[scene] = _look(session, f"{here.settings.product_url}/api/v1/entrances/{scene}")
            except (requests.RequestException, LookupError, TypeError):  # away, or something else answers there
                break
    return {scene: here.signposts[scene] for scene in wanted if scene in here.signposts}


def _look(session: requests.Session, url: str) -> str:
    answer = session.get(url, timeout=PATIENCE_SECONDS)
    if answer.status_code == requests.codes.not_found:
        return ""
    answer.raise_for_status()
    entrance = answer.json()
    return f"{entrance['mall']['name']} · {entrance['name']}"
