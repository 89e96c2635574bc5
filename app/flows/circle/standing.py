"""How somebody stands with their mall's circle, as far as we know, and what WeChat Pay says when it is asked."""

from dataclasses import dataclass
from datetime import datetime

from app.circle import authorisations, circles
from app.circle.models import State
from app.flows.consequences.circle import parking as circle_parking
from app.identity import queries as people
from app.wechat.pay.circle_client import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody and the circle of a mall; without `openid` they have not come by the mini-program.

    `state` is what we know, None when they never opened its card; `told_at` since when.
    """

    member_id: int
    mchid: str
    brand_id: int | None
    openid: str | None
    state: State | None


def find(member_id: int, mall_id: int, openid: str | None) -> Standing | None:
    """Where the person stands; None when the mall is no circle. `openid` is that of the device they hold."""
    circle = circles.find_of_mall(mall_id)
    if circle is None:
        return None
    person_ids = people.list_person_ids(member_id)
    found = authorisations.find_latest(person_ids, circle.mchid)
    return Standing(
        member_id=member_id,
        mchid=circle.mchid,
        brand_id=circle.brand_id,
        openid=openid or (found.openid if found else None),
        state=State(found.state) if found else None,
    )


def note_answer(member_id: int, mchid: str, openid: str, said: Said, *, now: datetime) -> State | None:
    """Keep what the platform has just said of the person; how they stand now. Who never authorised has no row."""
    member = people.lock_member(member_id)
    person_ids = people.list_person_ids(member.id)
    known = authorisations.find_state(person_ids, mchid)
    if said is Said.NEVER and known is not State.ON:
        return known
    if not people.has_left(member):
        state = State.ON if said is Said.ON else State.OFF
        is_news = authorisations.note(person_ids, member.id, mchid=mchid, openid=openid, state=state, at=now)
        circle = circles.find(mchid)
        if is_news and state is State.ON and known is not State.ON and circle is not None:
            circle_parking.tell_inside(member.id, circle.mall_id, now=now)
    return authorisations.find_state(person_ids, mchid)
