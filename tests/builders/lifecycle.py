"""Members who stand in a stage, and changes of it, as a night would have written them."""

from datetime import date, timedelta

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.stages import day_flows, nights
from app.lifecycle.stages.models import NOWHERE, LifecycleNight, MemberStage, Stage, StageChange, Why


def make_path(member: Member, *path: tuple[date, Stage]) -> None:
    """Let the member come to each stage on its day, the last of which is where they stand."""
    old, joined_on = NOWHERE, next((day for day, stage in path if stage is not Stage.VISITOR), None)
    for day, stage in path:
        db.session.add(
            StageChange(
                **_facts(member, day, None if stage is Stage.VISITOR else joined_on),
                day=day,
                old_stage=old,
                stage=stage.value,
                old_activity="active" if old else NOWHERE,
                activity="active",
                why=Why.BOUGHT.value,
                rules_id=None,
                night_id=None,
            )
        )
        db.session.flush()
        old = stage.value
    since = path[-1][0]
    stands = {"is_plain": True, "stage": old, "activity": "active", "since": since}
    db.session.add(MemberStage(**_facts(member, since, joined_on), **stands))
    db.session.flush()


def make_night(day: date) -> None:
    """The night of a day, with the sums of what is there to be summed of its month."""
    last = nights.find_last()
    first = day.replace(day=1) if last is None else max(day.replace(day=1), last.day + timedelta(days=1))
    db.session.add(
        LifecycleNight(
            day=day,
            is_full=True,
            rules_id=None,
            members=0,
            changes=0,
            started_at=clock.end_of_day(day),
        )
    )
    day_flows.add(first, day)
    db.session.flush()


def _facts(member: Member, day: date, joined_on: date | None) -> dict[str, object]:
    counts = dict.fromkeys(("recent_purchases", "year_purchases", "year_fen", "purchases", "monetary_fen"), 1)
    days = dict.fromkeys(("known_on", "last_purchase_on", "last_presence_on", "last_behaviour_on"), day)
    whose = {"member_id": member.id, "home_mall_id": member.home_mall_id, "joined_on": joined_on}
    return whose | days | counts
