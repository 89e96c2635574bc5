"""Members who are one person: searched for, merged and answered by several at once; each thing happens once."""

from functools import partial

from flask import Flask
from sqlalchemy import select

from app.cases import cases
from app.cases.errors import CaseAnswered
from app.flows.members.leaving import Cost, let_member_leave
from app.identity import queries
from app.identity.duplicates import finding, sightings
from app.identity.duplicates.models import MemberPair, MemberToCompare
from app.identity.models import MemberMerge
from app.kernel import clock
from app.kernel.db import atomic, db
from app.workers.duplicates import searching
from tests.builders.cases import make_duplicate_case
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.tasks import make_tiers
from tests.support.races import interleave, race

WORKERS = 4


def make_pair(kind: str) -> tuple[int, int]:
    """Two members who share a sign."""
    with atomic():
        make_tiers()
        mall = make_mall()
        older, younger = make_member(mall), make_member(mall)
        sightings.note(kind, "shared", [older.id, younger.id])
        return older.id, younger.id


def merges() -> list[tuple[int, int]]:
    db.session.expire_all()
    rows = db.session.execute(select(MemberMerge.from_member_id, MemberMerge.into_member_id))
    return [(row.from_member_id, row.into_member_id) for row in rows]


def test_several_workers_merge_a_pair_once(committed_app: Flask) -> None:
    older, younger = make_pair("unionid")
    searching.search()
    race(committed_app, [partial(searching.merge_certain, limit=5)] * WORKERS)
    assert merges() == [(younger, older)]


def test_several_searchers_find_a_pair_though_each_sees_half_of_it(committed_app: Flask) -> None:
    """One at a time takes from the queue: two at once would each miss what the other has not committed."""
    make_pair("card")

    def compare() -> int:
        with atomic():
            return finding.compare(now=clock.now(), limit=1)

    results = race(committed_app, [compare] * WORKERS)
    assert [one for one in results if isinstance(one, Exception)] == []
    searching.search()
    assert [pair.evidence for pair in db.session.scalars(select(MemberPair))] == [{"card": 1}]
    assert db.session.scalars(select(MemberToCompare)).all() == []


def test_a_case_that_is_answered_twice_merges_once(committed_app: Flask) -> None:
    with atomic():
        make_tiers()
        mall = make_mall()
        older, younger = make_member(mall), make_member(mall)
        case_id, actor = make_duplicate_case(older, younger)
        ids = (younger.id, older.id)

    def answer(outcome: str) -> bool:
        with atomic():
            cases.answer(case_id, outcome, actor, note="", now=clock.now())
        return True

    results = race(committed_app, [partial(answer, "same_person")] * WORKERS)
    assert sorted(type(one).__name__ for one in results) == ["CaseAnswered"] * (WORKERS - 1) + ["bool"]
    assert isinstance(next(one for one in results if one is not True), CaseAnswered)
    assert merges() == [ids]


def test_who_leaves_while_a_worker_merges_them_has_left(committed_app: Flask) -> None:
    older, younger = make_pair("unionid")
    searching.search()

    def leave() -> bool:
        let_member_leave(younger, told=Cost(points=10**6, coupons=10**6), now=clock.now())
        return True

    left, _ = interleave(committed_app, leave, lambda: searching.merge_certain(limit=5))
    assert left is True
    assert queries.get_member(younger).status == "closed"
    assert merges() == []
    assert queries.is_joined(queries.get_member(older))
    assert db.session.scalars(select(MemberPair)).all() == []
