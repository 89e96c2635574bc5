"""Jobs of points, and of the tiers that growth climbs."""

from app.workers.inquiries import answering
from app.workers.points import acts, points
from app.workers.points import rehearsing as earning_rehearsing
from app.workers.tiers import allowances, behaviour, rehearsing, standings
from jobs.kit import Batch, daily, every
from jobs.tools import Tools

EXPIRY_BATCH = 5_000  # lots
HOLDS_BATCH = 100
DEBTS_BATCH = 1_000


def expire_points(tools: Tools) -> Batch:
    """Let lots run out whose last day is over."""
    expired = points.expire_overdue_lots(limit=EXPIRY_BATCH)
    return Batch(expired.members, more=expired.members > 0, facts={"points": expired.points})


def release_points(tools: Tools) -> Batch:
    """Give back points that are held past their time, one member at a time."""
    released = points.release_overdue_holds(limit=HOLDS_BATCH)
    return Batch(released, more=released >= HOLDS_BATCH)


def release_points_payments(tools: Tools) -> Batch:
    """Let go of payments with points at tills that nobody confirmed in time."""
    return Batch.counted(points.write_off_payments(limit=HOLDS_BATCH), limit=HOLDS_BATCH)


def collect_debts(tools: Tools) -> Batch:
    """Let who came back owe the points of what they bought before they left, and what was refunded since."""
    taken = points.collect_debts(limit=DEBTS_BATCH)
    return Batch(taken.members, facts={"points": taken.points})


def note_expiring_points(tools: Tools) -> Batch:
    """Note for whom points run out in the days to come, as far ahead as the policy of expiry says."""
    return Batch(points.note_expiring())


def prove_points(tools: Tools) -> Batch:
    """Prove every points account and the whole of them; keep what was found, report what differs, repair nothing."""
    return Batch.proved(points.prove_accounts().member_ids)


def settle_standings(tools: Tools) -> Batch:
    """Write what the ends of periods made of members' tiers: kept, or down."""
    return Batch.counted(standings.settle_standings(), limit=standings.LIMIT)


def bring_ladder(tools: Tools) -> Batch:
    """Bring a ladder of tiers that has begun to all members whom it lifts."""
    return Batch.counted(standings.bring_ladder(), limit=standings.LIMIT)


def credit_behaviour(tools: Tools) -> Batch:
    """Give growth for visits and taking part on the days that are over."""
    return Batch(behaviour.credit_days())


def give_allowances(tools: Tools) -> Batch:
    """Give members the coupons that their tiers give by week, month and year, and in the month of their birthday."""
    return Batch(allowances.give_allowances())


def rehearse_ladders(tools: Tools) -> Batch:
    """Count what another ladder of tiers would do to everybody, one page of members at a time."""
    return Batch.counted(int(answering.work_next(rehearsing.STEPS)), limit=1)


def make_tier_notices(tools: Tools) -> Batch:
    """Note whom the end of their period will take down in fifteen days, to be told of it."""
    return Batch(standings.make_notices())


def credit_acts(tools: Tools) -> Batch:
    """Give points for visits and other acts of the days that are over, a batch of members at a time."""
    given, more = acts.credit_acts()
    return Batch(given, more=more)


def rehearse_earning(tools: Tools) -> Batch:
    """Let past purchases earn by rules that are rehearsed, a range of members at a time."""
    return Batch.counted(int(answering.work_next(earning_rehearsing.STEPS)), limit=1)


JOBS = (
    every(3, rehearse_earning),
    every(20, release_points),
    every(20, release_points_payments),
    daily("00:20", expire_points, at_once=2),
    daily("02:40", collect_debts),
    daily("03:00", prove_points),
    daily("04:10", note_expiring_points),
    daily("05:30", credit_acts, until_hour=10),
    every(60, settle_standings),
    every(60, bring_ladder),
    every(3, rehearse_ladders),
    daily("04:40", credit_behaviour, until_hour=12),
    daily("05:20", give_allowances, until_hour=20),
    daily("06:20", make_tier_notices, until_hour=21),
)
