"""The three newbie tasks and the ladder of tiers."""

from app.kernel import clock
from app.kernel.db import db
from app.tasks.models import NewbieTask
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import Ladder, Rung

LADDER = Ladder((Rung("silver", "银卡会员", 0), Rung("gold", "金卡会员", 2_000)))


def make_newbie_tasks() -> None:
    """The three tasks with their rewards: 50, 50 and 100 points."""
    rows = [("preferences", 1, 50), ("first_order_coupon", 2, 50), ("subscribe", 3, 100)]
    for code, position, points in rows:
        db.session.add(NewbieTask(code=code, position=position, title=code, summary=code, reward_points=points))
    db.session.flush()


def make_tiers() -> None:
    """Silver from the start, gold at 2,000 growth, for good."""
    ladders.begin_with(LADDER, now=clock.now())
