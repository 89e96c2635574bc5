"""Personal data: which entrances somebody came through."""

from typing import Any

from sqlalchemy import Select, select

from app.entrances.models import Entrance, EntranceScan
from app.kernel.personal_data import Ids, Sections


def _entrances(ids: Ids) -> Select[Any]:
    one = EntranceScan
    return (
        select(Entrance.name.label("entrance"), one.scanned_at, one.joined_at)
        .join(Entrance, Entrance.id == one.entrance_id)
        .where(one.member_id.in_(ids))
        .order_by(one.scanned_at, one.id)
    )


SECTIONS: Sections = {
    "entrances": _entrances,
}
