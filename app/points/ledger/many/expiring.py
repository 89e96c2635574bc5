"""Lots that run out by the thousand: what `ledger.expire` does member by member, in two statements for a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.kernel import clock
from app.kernel.db import db, plan_for_values
from app.points.ledger.bulk import lock_accounts

# Entries are numbered in the order in which the lots ran out, so that each balance follows from the one before. The
# same fact as `facts.expiry` makes, and the same uses. Lots and accounts are named by their members once more where
# they are changed: joined to what was read before, they would be looked for from end to end of their tables.
_EXPIRE = text("""
WITH over AS MATERIALIZED (
    SELECT l.member_id, l.id AS lot_id, l.remaining_points AS points, l.expires_on
    FROM points_lots l
    WHERE l.member_id = ANY(:member_ids) AND l.remaining_points > 0 AND l.expires_on < :today
), used AS MATERIALIZED (
    SELECT u.member_id, u.lot_id, count(*) AS uses FROM points_uses u
    WHERE u.member_id = ANY(:member_ids) GROUP BY u.member_id, u.lot_id
), numbered AS MATERIALIZED (
    SELECT o.*, nextval(pg_get_serial_sequence('points_entries', 'id')) AS entry_id
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
SELECT count(*), coalesce(sum(points), 0)::bigint FROM over
""")


@dataclass(frozen=True, slots=True)
class Expired:
    """How many lots ran out, with how many points."""

    lots: int
    points: int


def expire(member_ids: Sequence[int], *, now: datetime) -> Expired:
    """Let the overdue lots of the members run out, all at once; accounts are locked in ascending order.

    Not for a distributed database, where no statement writes the rows of several members. What is held past its time
    is left to whoever releases it.
    """
    if not member_ids:
        return Expired(0, 0)
    lock_accounts(member_ids)
    given = {"member_ids": sorted(member_ids), "today": clock.business_date(now), "now": now}
    with plan_for_values():
        lots, points = db.session.execute(_EXPIRE, given).one()
    db.session.expire_all()
    return Expired(int(lots), int(points))
