"""Members who may be one person: certain ones are merged, of doubtful ones people are asked, who see both beside each
other and say who stays, or that they are two.
"""

from datetime import datetime, timedelta

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.flows.consequences import favours
from app.flows.members import merging
from app.identity import merges, queries
from app.identity.duplicates import pairs, rules
from app.identity.duplicates.models import MemberPair, Outcome
from app.identity.duplicates.pairs import Pair
from app.identity.models import Member, MergeWhy
from app.tiers.growth import growth


def _keep_first(case: Case, *, by: Actor, now: datetime) -> None:
    """Let the two be the first of them; nothing is doubtful when they are one, or one has left.

    Raises OwnMembership and MergeHeldUp.
    """
    _merge(case, 0, by=by, now=now)


def _keep_second(case: Case, *, by: Actor, now: datetime) -> None:
    """As `_keep_first`, with the second one."""
    _merge(case, 1, by=by, now=now)


def _merge(case: Case, which: int, *, by: Actor, now: datetime) -> None:
    shown = members_of(case)
    one_id, other_id = shown
    for member_id in sorted(shown):
        favours.ensure_not_theirs(queries.get_member(member_id), by)
    merging.merge_members(one_id, other_id, keep_id=shown[which], why=MergeWhy.CASE, actor=by, now=now)


def _two_people(case: Case, *, by: Actor, now: datetime) -> None:
    """Never ask again, unless something new turns up."""
    one_id, other_id = members_of(case)
    pairs.close(pairs.pair_of(one_id, other_id), Outcome.APART, now=now)


def members_of(case: Case) -> tuple[int, int]:
    """Whom the case is about, in the order in which they are shown: the one who should stay first."""
    one, other = (int(subject.partition(":")[2]) for subject in case.evidence)
    return one, other


DUPLICATE = CaseKind(
    code="duplicate_members",
    role=Role.OPERATIONS,
    within=timedelta(days=7),
    outcomes={"same_person": _keep_first, "same_person_other": _keep_second, "two_people": _two_people},
)


# So many questions are open at a time: the first search of a group with a history finds more than a team can answer.
MOST_OPEN = 100


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about pairs that are doubtful; returns how many were asked about."""
    more = min(limit, MOST_OPEN - len(case_queries.list_open_subjects(DUPLICATE.code)))
    return sum(_ask(pair, now=now) for pair in pairs.list_waiting(Outcome.DOUBTFUL, limit=max(more, 0)))


def _ask(pair: Pair, *, now: datetime) -> bool:
    """False for a pair of which one has become somebody else: the search looks at who they are now."""
    row = pairs.lock(pair, Outcome.DOUBTFUL)
    people = [queries.get_member(member_id) for member_id in pair]
    if row is None or pair != tuple(one.id for one in people):
        return False
    first, second = _in_order(people)
    asked = cases.raise_case(
        DUPLICATE,
        _subject(pair),
        mall_id=first.home_mall_id,
        reason="signs_agree",
        facts={"signs": len(rules.telling(row.evidence)), "percent": row.confidence_bps // 100},
        evidence=[f"member:{first.id}", f"member:{second.id}"],
        now=now,
    )
    pairs.set_outcome(row, Outcome.ASKED, now=now)
    return asked


def _subject(pair: Pair) -> str:
    return f"members:{pair[0]}-{pair[1]}"


def _in_order(people: list[Member]) -> list[Member]:
    """Who should stay first: who has earned growth rather than who has not, then who joined earlier."""
    return sorted(people, key=lambda one: (growth.value_of(one.id) == 0, one.joined_at is None, one.joined_at, one.id))


def merge_certain(pair: Pair, *, now: datetime) -> bool:
    """Let a certain pair be one person; an open question about them has its answer. False when it is not certain now.

    Raises MergeHeldUp.
    """
    people = merges.lock_pair(*pair)
    if pair != tuple(one.id for one in people) or pairs.lock(pair, Outcome.CERTAIN) is None:
        return False
    first, second = _in_order(people)
    merged = merging.merge_members(first.id, second.id, keep_id=first.id, why=MergeWhy.PROOF, now=now)
    cases.settle_itself(DUPLICATE, _subject(pair), now=now)
    return merged is not None


def find_evidence(case: Case) -> MemberPair | None:
    """What the two have in common, as it is now; None if they were never compared."""
    return pairs.find(pairs.pair_of(*members_of(case)))
