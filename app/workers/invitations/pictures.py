"""Fetching the mini-program code of a personal code: asked outside every transaction, kept when it has come."""

import logging

from app.invitations import codes
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import PlatformUnavailable
from app.wechat.errors import OutcomeUnknown, WeChatError
from app.wechat.mini import MiniProgram
from app.workers.entrance_codes import JOIN_PAGE

logger = logging.getLogger(__name__)


def fetch(mini: MiniProgram, code: str, scene: str) -> bytes | None:
    """The picture that opens the page of joining with the code's scene; None while the platform is away."""
    with atomic():
        known = codes.find_picture(code)
    if known is not None:
        return known
    try:
        image, _ = mini.code_image(scene, JOIN_PAGE)
    except (WeChatError, PlatformUnavailable, OutcomeUnknown) as error:
        logger.warning("code of an inviter not fetched", extra={"error": error.code})
        return None
    with atomic():
        codes.keep_picture(code, image, now=clock.now())
    return image
