"""Jobs of figures that are kept."""

from app.workers.insights import entrance_weeks, points, profiles
from jobs.kit import Batch, daily, every
from jobs.tools import Tools


def count_entrance_weeks(tools: Tools) -> Batch:
    """Count who came, scanned, joined and can be reached by entrance, this week and the last."""
    return Batch(entrance_weeks.count_open())


def recount_entrance_weeks(tools: Tools) -> Batch:
    """Count the weeks before anew: what those who joined then have brought since, and whom of them we still reach."""
    return Batch(entrance_weeks.count_closed())


def count_profiles(tools: Tools) -> Batch:
    """Count how complete the profiles of every mall's members are, once a day."""
    return Batch(profiles.count_profiles())


def count_points(tools: Tools) -> Batch:
    """Count what points came to on the days that are over, and what members can still spend, by month."""
    days, rows = points.count_points()
    return Batch(days, facts={"due_rows": rows})


JOBS = (
    every(20, count_entrance_weeks),
    daily("04:30", recount_entrance_weeks),
    daily("02:40", count_profiles, until_hour=23),
    daily("02:20", count_points, until_hour=8),
)
