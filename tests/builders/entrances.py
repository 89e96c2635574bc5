"""Codes on walls, and doors with what was counted there."""

from typing import Any

from app.access import audit
from app.entrances import entrances, footfall, footfall_queries
from app.entrances.footfall import Count, Source
from app.entrances.models import Door, Entrance
from app.kernel import clock
from app.malls.models import Mall


def make_entrance(mall: Mall, **facts: Any) -> Entrance:
    """A lift screen of the mall, unless the facts say otherwise."""
    usual = {"kind": "lift", "name": "电梯屏", "headline": "扫码入会", "store_id": None, "created_by": "测试"}
    return entrances.create(mall_id=mall.id, now=clock.now(), **usual | facts)


def make_door(mall: Mall, code: str, *, visitors: int) -> Door:
    """A door of the mall where so many came in since the hour began."""
    local = clock.local(clock.now())
    count = Count(code, local.date(), local.hour, visitors)
    footfall.record(mall.id, [count], source=Source.API, actor=audit.SYSTEM, now=clock.now())
    return next(door for door in footfall_queries.list_doors(mall.id) if door.code == code)
