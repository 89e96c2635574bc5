"""Openings of entrances by day: what pages count without reading every one."""

from sqlalchemy import case

from app.entrances.models import Entrance, EntranceScan, Footfall
from app.kernel.day_sums.series import Series

_SCANS = {
    "origin": EntranceScan.__table__.join(Entrance.__table__, Entrance.id == EntranceScan.entrance_id),
    "mall": Entrance.mall_id,
    "key": EntranceScan.entrance_id,
    "moment": EntranceScan.scanned_at,
    "day": EntranceScan.day,
    "amount": case((EntranceScan.joined_at.is_not(None), 1), else_=0),
}
# By entrance; amount: how many of them led to joining.
SCANS = Series(name="scans", **_SCANS, wanted=[EntranceScan.unknown_scene.is_(None)])
# Of codes that are nobody's, by the entrance that they led to.
STRAY_SCANS = Series(name="stray_scans", **_SCANS, wanted=[EntranceScan.unknown_scene.is_not(None)])

# Counted hours by door; amount: how many people came in.
FOOTFALL = Series(
    name="footfall",
    origin=Footfall.__table__,
    mall=Footfall.mall_id,
    key=Footfall.door_id,
    day=Footfall.day,
    amount=Footfall.visitors,
)

SERIES = {one.name: one for one in (SCANS, STRAY_SCANS, FOOTFALL)}
