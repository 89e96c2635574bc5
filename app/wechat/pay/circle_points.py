"""What a payment in the circle earned, as WeChat Pay wants to be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel import clock

PATH = "/v3/businesscircle/points/notify"


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePoints:
    """The points (>= 0) of one payment, as they were given at the moment `at`."""

    mchid: str
    transaction_id: str
    appid: str
    openid: str
    points: int
    at: datetime


def body_of(told: CirclePoints, *, own_mchid: str) -> dict[str, Any]:
    """The body of the call; a circle of another merchant than ours is named beside."""
    body: dict[str, Any] = {
        "transaction_id": told.transaction_id,
        "appid": told.appid,
        "openid": told.openid,
        "earn_points": told.points > 0,
        "increased_points": told.points,
        "points_update_time": clock.local(told.at).isoformat(timespec="milliseconds"),
    }
    if told.mchid != own_mchid:
        body["sub_mchid"] = told.mchid
    return body
