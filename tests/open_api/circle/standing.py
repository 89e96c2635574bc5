"""What tests of the circle share: the sandbox with the product's way to it, and telling of payments."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.db import db
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.pay.pay import PayGateway
from app.workers.circle import notices
from tests.builders.circle import (
    Notice,
    deliver,
    make_known,
)
from tests.support.platforms import Platforms

SHOP = "A101"
PHONE = "13912345678"


@dataclass(frozen=True, slots=True)
class Standing:
    """A sandbox, and the product's way to its WeChat Pay."""

    sandbox: Platforms
    pay: PayGateway


def told(client: FlaskClient, platforms: Standing, *told_of: Notice) -> None:
    """The notices arrive, in this order, and the worker acts."""
    make_known(platforms.sandbox.world, *told_of)
    for one in told_of:
        assert deliver(client, one).status_code == 204
    notices.take_in_due_notices(platforms.pay, limit=50)


def states() -> list[str]:
    return [
        "done" if one.done_at else one.last_error or "due"
        for one in db.session.scalars(select(PlatformEvent).where(PlatformEvent.channel == "circle"))
    ]


def last_told(platforms: Standing, number: str) -> int | None:
    """The points that the platform was told of a payment last."""
    world = platforms.sandbox.world
    row = world.store.one("SELECT points FROM circle_payments WHERE transaction_id = ?", number)
    return None if row is None else row["points"]
