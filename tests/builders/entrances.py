"""Codes on walls."""

from typing import Any

from app.entrances import entrances
from app.entrances.models import Entrance
from app.kernel import clock
from app.malls.models import Mall


def make_entrance(mall: Mall, **facts: Any) -> Entrance:
    """A lift screen of the mall, unless the facts say otherwise."""
    usual = {"kind": "lift", "name": "电梯屏", "headline": "扫码入会", "store_id": None, "created_by": "测试"}
    return entrances.create(mall_id=mall.id, now=clock.now(), **usual | facts)
