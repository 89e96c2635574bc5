"""Fetching an entrance's codes from the platforms: asked outside every transaction, kept when they have come.

Each function opens its own units of work and says whether the code is there now; a platform that is away is no reason
to lose the entrance, the same button asks again.
"""

import logging

from app.entrances import entrances
from app.entrances import queries as entrance_queries
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import PlatformUnavailable
from app.wechat.errors import OutcomeUnknown, WeChatError
from app.wechat.mini import MiniProgram
from app.wechat.wecom import Corp

logger = logging.getLogger(__name__)

JOIN_PAGE = "pages/join/index"


def fetch_mini_code(mini: MiniProgram, entrance_id: int, scene: str) -> bool:
    """Get the mini-program code that opens the join page with the scene, unless we have it."""
    with atomic():
        if entrance_queries.find_code(entrance_id) is not None:
            return True
    try:
        image, media_type = mini.code_image(scene, JOIN_PAGE)
    except (WeChatError, PlatformUnavailable, OutcomeUnknown) as error:
        logger.warning("mini-program code not fetched", extra={"entrance_id": entrance_id, "error": error.code})
        return False
    with atomic():
        entrances.keep_code(entrance_id, image=image, media_type=media_type, now=clock.now())
    return True


def make_contact_way(corp: Corp, entrance_id: int, scene: str) -> bool:
    """Make the WeCom contact code whose contacts carry the scene, unless we have it."""
    with atomic():
        if entrance_queries.find_contact_way(entrance_id) is not None:
            return True
    try:
        way = corp.add_contact_way(scene)
    except (WeChatError, PlatformUnavailable, OutcomeUnknown) as error:
        logger.warning("contact way not made", extra={"entrance_id": entrance_id, "error": error.code})
        return False
    with atomic():
        entrances.keep_contact_way(
            entrance_id, config_id=way.config_id, qr_url=way.qr_code, user_id=corp.user_id, now=clock.now()
        )
    return True
