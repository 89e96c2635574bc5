"""The three newbie tasks and the ladder of tiers."""

from app.kernel.db import db
from app.tasks.models import NewbieTask
from app.tiers.models import Tier


def make_newbie_tasks() -> None:
    """The three tasks with their rewards: 50, 50 and 100 points."""
    rows = [("preferences", 1, 50), ("first_order_coupon", 2, 50), ("subscribe", 3, 100)]
    for code, position, points in rows:
        db.session.add(NewbieTask(code=code, position=position, title=code, summary=code, reward_points=points))
    db.session.flush()


def make_tiers() -> None:
    """Silver from the start, gold at 2,000 growth."""
    db.session.add_all(
        [Tier(code="silver", name="银卡会员", threshold=0), Tier(code="gold", name="金卡会员", threshold=2_000)]
    )
    db.session.flush()
