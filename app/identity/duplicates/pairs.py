"""Pairs of members and what became of them. A pair is locked before it is changed, by ascending numbers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select

from app.identity.duplicates import rules
from app.identity.duplicates.models import MemberPair, MemberSign, MemberToCompare, Outcome
from app.identity.profiles.models import MemberProfile
from app.kernel.db import db

Pair = tuple[int, int]
# What the search may still change its mind about; the rest is people's, or done.
_OPEN = (Outcome.FAINT.value, Outcome.CERTAIN.value, Outcome.DOUBTFUL.value)


def pair_of(one_id: int, other_id: int) -> Pair:
    """The key of two members' pair."""
    return (one_id, other_id) if one_id < other_id else (other_id, one_id)


def keep(members: Collection[int], found: Mapping[Pair, Mapping[str, int]], *, now: datetime) -> None:
    """Write what was found of these members: new pairs, what is new of known ones; forget what is not so any more."""
    known = {(one.one_id, one.other_id): one for one in _lock(_touching(members))}
    differing = _differing_birthdays(found)
    for key, evidence in sorted(found.items()):
        against = ["birthday_differs"] if key in differing else []
        row = known.get(key)
        if row is None:
            db.session.add(_new(key, evidence, against, now=now))
        else:
            _state(row, evidence, against, now=now)
    for key, row in known.items():
        if key not in found and row.outcome in _OPEN:
            db.session.delete(row)
    db.session.flush()


def _touching(members: Collection[int]) -> ColumnElement[bool]:
    return or_(MemberPair.one_id.in_(members), MemberPair.other_id.in_(members))


def _is(pair: Pair) -> ColumnElement[bool]:
    return and_(MemberPair.one_id == pair[0], MemberPair.other_id == pair[1])


def _lock(*wanted: ColumnElement[bool]) -> Sequence[MemberPair]:
    rows = select(MemberPair).where(*wanted).order_by(MemberPair.one_id, MemberPair.other_id)
    return db.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()


def _new(key: Pair, evidence: Mapping[str, int], against: list[str], *, now: datetime) -> MemberPair:
    confidence = rules.confidence_bps(evidence, against)
    return MemberPair(
        one_id=key[0],
        other_id=key[1],
        evidence=dict(evidence),
        against=against,
        confidence_bps=confidence,
        outcome=rules.verdict(confidence, evidence).value,
        answered=None,
        found_at=now,
        changed_at=now,
    )


def _state(row: MemberPair, evidence: Mapping[str, int], against: list[str], *, now: datetime) -> None:
    """Whoever was told apart is a question again only by new evidence; a question stays one, unless it is certain."""
    before = (dict(row.evidence), list(row.against))
    if before == (dict(evidence), against) and row.outcome != Outcome.MERGED.value:
        return
    if row.answered is not None and not rules.is_news(evidence, row.answered):
        return
    confidence = rules.confidence_bps(evidence, against)
    outcome = rules.verdict(confidence, evidence)
    if row.outcome == Outcome.ASKED.value and outcome is not Outcome.CERTAIN:
        outcome = Outcome.ASKED
    row.evidence, row.against, row.confidence_bps = dict(evidence), against, confidence
    row.outcome, row.answered, row.changed_at = outcome.value, None, now


def _differing_birthdays(found: Collection[Pair]) -> set[Pair]:
    ids = {one for pair in found for one in pair}
    rows = db.session.execute(
        select(MemberProfile.member_id, MemberProfile.birth_month, MemberProfile.birth_day).where(
            MemberProfile.member_id.in_(ids), MemberProfile.birth_month.is_not(None)
        )
    )
    birthday = {row.member_id: (row.birth_month, row.birth_day) for row in rows}
    return {
        (one, other)
        for one, other in found
        if one in birthday and other in birthday and birthday[one] != birthday[other]
    }


def drop_unless_joined(numbers: Collection[int], joined: Collection[int]) -> None:
    """Forget open pairs of numbers that are nobody's any more."""
    gone = set(numbers) - set(joined)
    if gone:
        db.session.execute(delete(MemberPair).where(_touching(gone), MemberPair.outcome.in_(_OPEN)))


def list_waiting(outcome: Outcome, *, limit: int) -> Sequence[Pair]:
    """Pairs that wait to be merged or asked about, the longest waiting first."""
    rows = db.session.execute(
        select(MemberPair.one_id, MemberPair.other_id)
        .where(MemberPair.outcome == outcome.value)
        .order_by(MemberPair.changed_at, MemberPair.one_id, MemberPair.other_id)
        .limit(limit)
    )
    return [(row.one_id, row.other_id) for row in rows]


def lock(pair: Pair, outcome: Outcome) -> MemberPair | None:
    """The pair FOR UPDATE, if it still stands so."""
    found = _lock(_is(pair))
    return found[0] if found and found[0].outcome == outcome.value else None


def find(pair: Pair) -> MemberPair | None:
    """The pair, if the two were ever compared."""
    return db.session.get(MemberPair, pair, populate_existing=True)


def set_outcome(row: MemberPair, outcome: Outcome, *, now: datetime) -> None:
    """What became of a locked pair, other than being told apart."""
    row.outcome, row.answered, row.changed_at = outcome.value, None, now
    db.session.flush()


def put_off(pair: Pair, *, now: datetime) -> None:
    """Let the others of those that wait come first."""
    for row in _lock(_is(pair)):
        row.changed_at = now
    db.session.flush()


def close(pair: Pair, outcome: Outcome, *, now: datetime) -> None:
    """Two members are one, or two, by somebody's word; whether or not they were ever compared."""
    found = _lock(_is(pair))
    row = found[0] if found else _new(pair, {}, [], now=now)
    row.outcome, row.changed_at = outcome.value, now
    row.answered = dict(row.evidence) if outcome is Outcome.APART else None
    db.session.add(row)
    db.session.flush()


def hand_over(member_id: int, *, to: int, now: datetime) -> None:
    """Whoever is told apart from a member is told apart from whom they are merged into; the two themselves are one."""
    for row in _lock(_touching([member_id])):
        stranger = row.one_id if row.other_id == member_id else row.other_id
        if stranger != to and row.outcome == Outcome.APART.value:
            _tell_apart(pair_of(stranger, to), row.answered or {}, now=now)


def _tell_apart(pair: Pair, answered: Mapping[str, int], *, now: datetime) -> None:
    if not _lock(_is(pair)):
        row = _new(pair, answered, [], now=now)
        row.outcome, row.answered = Outcome.APART.value, dict(answered)
        db.session.add(row)
        db.session.flush()


def forget(member_ids: Collection[int]) -> None:
    """Forget what a member who leaves had in common with others."""
    db.session.execute(delete(MemberPair).where(_touching(member_ids)))
    db.session.execute(delete(MemberSign).where(MemberSign.member_id.in_(member_ids)))
    db.session.execute(delete(MemberToCompare).where(MemberToCompare.member_id.in_(member_ids)))
