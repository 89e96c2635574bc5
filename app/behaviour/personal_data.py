"""Personal data: what somebody did in the mini-program."""

from typing import Any

from sqlalchemy import Select, select

from app.behaviour.models import BehaviourEvent
from app.kernel.personal_data import Ids, Sections


def _behaviour(ids: Ids) -> Select[Any]:
    one = BehaviourEvent
    return (
        select(one.kind, one.page, one.subject, one.words, one.seconds, one.scene, one.occurred_at)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.event_id)
    )


SECTIONS: Sections = {
    "behaviour": _behaviour,
}
