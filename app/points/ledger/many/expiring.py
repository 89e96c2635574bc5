"""Lots that run out by the thousand: what `ledger.expire` does member by member, in two statements for a batch.

Several may do it at once: each takes members whose accounts nobody holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from app.kernel import clock
from app.kernel.db import db, plan_for_values
from app.points.ledger import queries
from app.points.ledger.bulk import lock_accounts

# Accounts are taken in the order in which their lots ran out, without waiting, so in any order without harm.
_TAKE = text("""
SELECT array_agg(DISTINCT due.member_id) FROM (
    SELECT a.member_id FROM points_lots l JOIN points_accounts a ON a.member_id = l.member_id
    WHERE l.remaining_points > 0 AND l.expires_on < :today
    ORDER BY l.expires_on, l.member_id LIMIT :lots FOR UPDATE OF a SKIP LOCKED
) due
""")
# Entries are numbered in the order in which the lots ran out, so that each balance follows from the one before; the
# sequence is looked up once. The same fact as `facts.expiry` makes, and the same uses. Lots and accounts are named by
# their members once more where they are changed: joined to what was read before, they would be looked for from end to
# end of their tables.
_EXPIRE = text("""
WITH over AS MATERIALIZED (
    SELECT l.member_id, l.id AS lot_id, l.remaining_points AS points, l.expires_on
    FROM points_lots l
    WHERE l.member_id = ANY(:member_ids) AND l.remaining_points > 0 AND l.expires_on < :today
), used AS MATERIALIZED (
    SELECT u.member_id, u.lot_id, count(*) AS uses FROM points_uses u
    WHERE u.member_id = ANY(:member_ids) GROUP BY u.member_id, u.lot_id
), numbered AS MATERIALIZED (
    SELECT o.*, nextval((SELECT CAST(pg_get_serial_sequence('points_entries', 'id') AS regclass))) AS entry_id
    FROM (
        SELECT o.*, coalesce(u.uses, 0) AS uses,
            sum(o.points) OVER (PARTITION BY o.member_id ORDER BY o.expires_on, o.lot_id) AS gone
        FROM over o LEFT JOIN used u ON u.member_id = o.member_id AND u.lot_id = o.lot_id
        ORDER BY o.member_id, o.expires_on, o.lot_id
    ) o
), entries AS (
    INSERT INTO points_entries
        (member_id, id, kind, points, balance_after, reason_code, reason_facts, fact, occurred_at)
    OVERRIDING SYSTEM VALUE
    SELECT n.member_id, n.entry_id, 'expire', -n.points,
        a.available_points + a.held_points - a.debt_points - n.gone,
        'expiry', '{}', 'expiry:' || n.lot_id || ':' || n.uses, :now
    FROM numbered n JOIN points_accounts a ON a.member_id = n.member_id
), uses AS (
    INSERT INTO points_uses (member_id, entry_id, lot_id, points)
    SELECT member_id, entry_id, lot_id, points FROM numbered
), lots AS (
    UPDATE points_lots l SET remaining_points = 0
    WHERE l.member_id = ANY(:member_ids) AND l.remaining_points > 0 AND l.expires_on < :today
), gone AS (
    SELECT member_id, sum(points)::bigint AS points FROM over GROUP BY member_id
), accounts AS (
    UPDATE points_accounts a SET available_points = a.available_points - g.points
    FROM gone g WHERE a.member_id = ANY(:member_ids) AND g.member_id = a.member_id
)
SELECT count(DISTINCT member_id), count(*), coalesce(sum(points), 0)::bigint FROM over
""")


@dataclass(frozen=True, slots=True)
class Expired:
    """How many lots of how many members ran out, and with how many points."""

    members: int
    lots: int
    points: int


def expire_overdue(*, most_lots: int, now: datetime) -> Expired:
    """Let the first so many overdue lots run out, with all others of their members; without any none is left.

    Members whose accounts somebody holds are passed over, and waited for when there are no others. Not for a
    distributed database, where no statement writes the rows of several members.
    """
    today = clock.business_date(now)
    while taken := take(most_lots, today=today):
        expired = _expire(taken, now=now)
        if expired.lots:  # else another batch let them run out while these accounts were looked for
            return expired
    return expire(queries.list_members_with_overdue_lots(today=today, limit=most_lots), now=now)


def take(most_lots: int, *, today: date) -> list[int]:
    """Lock the accounts of the first so many overdue lots but for those that somebody holds; returns whose they are."""
    with plan_for_values():
        return db.session.scalar(_TAKE, {"today": today, "lots": most_lots}) or []


def expire(member_ids: Sequence[int], *, now: datetime) -> Expired:
    """Let the overdue lots of the members run out, all at once; accounts are locked in ascending order.

    What is held past its time is left to whoever releases it.
    """
    if not member_ids:
        return Expired(0, 0, 0)
    lock_accounts(member_ids)
    return _expire(member_ids, now=now)


def _expire(member_ids: Sequence[int], *, now: datetime) -> Expired:
    given = {"member_ids": member_ids, "today": clock.business_date(now), "now": now}
    with plan_for_values():
        row = db.session.execute(_EXPIRE, given).one()
    db.session.expire_all()
    return Expired(*(int(value) for value in row))
