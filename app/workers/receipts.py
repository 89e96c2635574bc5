"""Receipts whose store has been named are recorded, and claims matched with what tills send late, one at a time."""

from datetime import timedelta

from app.flows.claims import claiming
from app.flows.held import releasing
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.malls import queries as malls
from app.purchases.claims import claims
from app.purchases.claims.claims import Place
from app.purchases.totals import totals
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import WaitsNoLonger

# What a till has not sent by then, people decide.
LOOK_BACK = timedelta(days=7)


def record_of_named_stores(*, limit: int) -> int:
    """Record a batch of them, each in a transaction of its own; what is refused waits on, with the reason.

    Returns how many were recorded. Twice at once: the second finds that they wait no longer.
    """
    with atomic():
        found = [(row.id, store.id) for row, store in waiting.list_of_known_stores(limit=limit)]
    return sum(_record(waiting_id, store_id) for waiting_id, store_id in found)


def match_claims(*, limit: int) -> int:
    """Look again for the receipts of all claims that nobody has decided, so many at a time, each in a transaction of
    its own.

    Returns how many were approved by what a till has sent meanwhile.
    """
    approved, behind = 0, Place(clock.now() - LOOK_BACK)
    while True:
        with atomic():
            pending = claims.list_pending(behind=behind, limit=limit)
        approved += sum(_match(one.member_id, one.claim_id) for one in pending)
        if len(pending) < limit:
            return approved
        behind = pending[-1]


def compare_totals(*, limit: int) -> int:
    """Compare what tills said of days that are over with the receipts that came; returns how many days differ."""
    with atomic():
        return totals.compare_days(now=clock.now(), limit=limit)


def _match(member_id: int, claim_id: int) -> bool:
    try:
        with atomic():
            return claiming.match_pending(member_id, claim_id, now=clock.now())
    except DomainError:
        return False


def _record(waiting_id: int, store_id: int) -> bool:
    try:
        with atomic():
            releasing.record_at(waiting_id, malls.get_store(store_id), now=clock.now())
    except WaitsNoLonger:
        return False
    except DomainError as refusal:
        if refusal.kind != "busy":
            _note_obstacle(waiting_id, refusal.code)
        return False
    return True


def _note_obstacle(waiting_id: int, code: str) -> None:
    with atomic():
        row = waiting.lock(waiting_id)
        if row is not None:
            waiting.note_obstacle(row, code)
