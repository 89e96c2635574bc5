"""Looking for pairs: who has changed is compared with everybody else, some at a time, by one searcher at a time.

Two at once would miss what the other has not committed, so the row of the search is held; a second one does nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.identity import people
from app.identity.duplicates import pairs, rules, signs
from app.identity.duplicates.models import DuplicateSearch, MemberSign, MemberToCompare
from app.identity.duplicates.pairs import Pair
from app.identity.models import Member, MemberStatus
from app.kernel.db import db

# A transaction that began earlier may commit later: what is as old as this is looked through again.
OVERLAP = timedelta(minutes=2)


def gather(*, now: datetime) -> int:
    """Queue whoever has changed since the last look; returns how many are new in the queue. Everybody, at first."""
    search = _hold()
    if search is None:
        return 0
    since = None if search.looked_until is None else search.looked_until - OVERLAP
    queued = 0
    for sign in signs.all_signs():
        changed = sign.changed(since).distinct()
        new = insert(MemberToCompare).from_select(["member_id"], changed).on_conflict_do_nothing()
        queued += int(getattr(db.session.execute(new.execution_options(preserve_rowcount=True)), "rowcount", 0))
    search.looked_until = now
    db.session.flush()
    return queued


def _hold() -> DuplicateSearch | None:
    """The search, held until the transaction ends; None when somebody else has it."""
    db.session.execute(insert(DuplicateSearch).values(id=1).on_conflict_do_nothing())
    held = select(DuplicateSearch).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalar(held)


def compare(*, now: datetime, limit: int) -> int:
    """Compare at most so many members of the queue with all others; returns how many were taken from it."""
    if _hold() is None:
        return 0
    wanted = select(MemberToCompare.member_id).order_by(MemberToCompare.member_id).limit(limit)
    taken = db.session.scalars(
        delete(MemberToCompare).where(MemberToCompare.member_id.in_(wanted)).returning(MemberToCompare.member_id)
    ).all()
    if taken:
        found = people.find_people(taken)
        whose = dict(found.numbers)
        joined = _joined(found.ids)
        _read_signs({number: person for number, person in whose.items() if person in joined})
        pairs.drop_unless_joined(set(taken) | set(whose), joined)
        pairs.keep(joined, _find_pairs(joined), now=now)
    return len(taken)


def _joined(ids: Collection[int]) -> set[int]:
    members = select(Member.id).where(Member.id.in_(ids), Member.status == MemberStatus.MEMBER.value)
    return set(db.session.scalars(members))


def _read_signs(whose: Mapping[int, int]) -> None:
    """Write anew what members have, under the number they have now; what was noted of earlier numbers goes along."""
    if not whose:
        return
    numbers = sorted(whose)
    noted = db.session.execute(
        select(MemberSign.kind, MemberSign.value, MemberSign.member_id).where(
            MemberSign.member_id.in_(numbers), MemberSign.noted
        )
    ).all()
    rows = {(row.kind, row.value, whose[row.member_id]): True for row in noted}
    for sign in signs.all_signs():
        for number, value in sign.read(numbers):
            rows.setdefault((sign.kind, signs.digest(sign.kind, value), whose[number]), False)
    db.session.execute(delete(MemberSign).where(MemberSign.member_id.in_(numbers)))
    if rows:
        names = ("kind", "value", "member_id", "noted")
        values = [dict(zip(names, (*key, is_noted), strict=True)) for key, is_noted in sorted(rows.items())]
        db.session.execute(insert(MemberSign), values)


def _find_pairs(members: Collection[int]) -> Mapping[Pair, Mapping[str, int]]:
    """Whom these members share something with: by pair, how many values of which sign. Crowded ones do not count."""
    if not members:
        return {}
    theirs = select(MemberSign.kind, MemberSign.value).where(MemberSign.member_id.in_(members)).distinct().cte("theirs")
    same = and_(MemberSign.kind == theirs.c.kind, MemberSign.value == theirs.c.value)
    telling = (
        select(MemberSign.kind, MemberSign.value, func.array_agg(MemberSign.member_id).label("sharing"))
        .join(theirs, same)
        .group_by(MemberSign.kind, MemberSign.value)
        .having(func.count().between(2, rules.MOST_SHARING))
    )
    found: dict[Pair, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, _, sharing in db.session.execute(telling):
        for pair in _pairs_of(sorted(sharing), members):
            found[pair][kind] += 1
    return _of_joined({pair: dict(evidence) for pair, evidence in found.items()})


def _pairs_of(sharing: Sequence[int], members: Collection[int]) -> Iterable[Pair]:
    """Every two of those who share a value, of whom one at least is looked at."""
    for place, one in enumerate(sharing):
        for other in sharing[place + 1 :]:
            if one in members or other in members:
                yield one, other


def _of_joined(found: Mapping[Pair, Mapping[str, int]]) -> Mapping[Pair, Mapping[str, int]]:
    joined = _joined({one for pair in found for one in pair})
    return {pair: evidence for pair, evidence in found.items() if joined.issuperset(pair)}
