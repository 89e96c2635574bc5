"""Rehearsals: asked, planned, counted one part after another, kept. Those of published versions stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel import clock
from app.kernel.outbox import Claim
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.points.earning import documents, rule_sets
from app.points.earning.models import EarningRules
from app.points.earning.rules import Rules
from app.points.rehearsals.errors import NotRehearsed, TooManyRehearsals
from app.points.rehearsals.models import EarningRehearsal, EarningRehearsalVersion
from app.points.rehearsals.results import Result

DAYS = 90
REHEARSALS = inquiries.queue_of(EarningRehearsal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The members of a part: numbers above `after` up to `last`; None where it has no end that way."""

    number: int
    after: int | None
    last: int | None


def ask(rules: Rules, *, by: Asker, now: datetime) -> EarningRehearsal:
    """Rehearse rules with the mall's days that are over. Raises EarningRulesInvalid and TooManyRehearsals."""
    rule_sets.ensure_sensible(rules)
    today = clock.business_date(now)
    wanted = EarningRehearsal(
        old_document=documents.to_document(rule_sets.in_force(by.mall_id, today)),
        document=documents.to_document(rules),
        first_day=today - timedelta(days=DAYS),
        last_day=today - timedelta(days=1),
        bounds=None,
        counted=0,
        result={},
    )
    return inquiries.ask(REHEARSALS, wanted, by=by, too_many=TooManyRehearsals, now=now)


def get(mall_id: int, public_id: str) -> EarningRehearsal:
    """One of a mall; raises NotFound."""
    return inquiries.get(EarningRehearsal, public_id, EarningRehearsal.mall_id == mall_id)


def list_latest(mall_id: int, *, now: datetime) -> Sequence[EarningRehearsal]:
    """Those of a mall that were asked last, the newest first."""
    return inquiries.list_latest(EarningRehearsal, mall_id, now=now)


def publish(mall_id: int, public_id: str, *, effective_from: date, by: str, now: datetime) -> EarningRules:
    """Let the rules that were rehearsed hold from a day on; the rehearsal stays with them.

    Raises NotFound, NotRehearsed before it is done, and what `rule_sets.publish` raises.
    """
    rehearsal = get(mall_id, public_id)
    if rehearsal.done_at is None:
        raise NotRehearsed
    rules = documents.to_rules(rehearsal.document)
    version = rule_sets.publish(mall_id, rules, effective_from=effective_from, by=by, now=now)
    inquiries.note_outcome(EarningRehearsalVersion, rehearsal, version_id=version.id)
    return version


def is_published(rehearsal: EarningRehearsal) -> bool:
    """Whether a version was published after it."""
    return inquiries.has_outcome(EarningRehearsalVersion, rehearsal)


def published_of(found: Collection[EarningRehearsal]) -> set[int]:
    """The numbers of those after which a version was published."""
    return inquiries.with_outcome(EarningRehearsalVersion, found)


def list_of(version_ids: Collection[int]) -> dict[int, EarningRehearsal]:
    """The rehearsal that a version was published after, by the version."""
    return inquiries.of_versions(EarningRehearsal, EarningRehearsalVersion, version_ids)


def next_part(rehearsal: EarningRehearsal) -> Part:
    """What is to be counted next of one that is planned."""
    ends = [None, *map(int, rehearsal.bounds or ()), None]
    number = rehearsal.counted
    return Part(number=number, after=ends[number], last=ends[number + 1])


def parts_of(rehearsal: EarningRehearsal) -> int | None:
    """Of how many parts it is; None before it is planned."""
    return None if rehearsal.bounds is None else len(rehearsal.bounds) + 1


def plan(claim: Claim, bounds: Sequence[int], *, now: datetime) -> bool:
    """Say into which parts the members fall; False when another worker has it now."""
    is_next = EarningRehearsal.counted == 0
    written = [str(bound) for bound in bounds]
    return inquiries.keep(REHEARSALS, claim, is_next, is_last=False, now=now, bounds=written)


def keep(claim: Claim, result: Result, *, part: Part, parts: int, now: datetime) -> bool:
    """Keep the result with this part in it; the last one ends it. False when another worker has it now."""
    counted = part.number + 1
    return inquiries.keep(
        REHEARSALS,
        claim,
        EarningRehearsal.counted == part.number,
        is_last=counted == parts,
        now=now,
        counted=counted,
        result=result.as_data(),
    )


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough and led to no version; returns how many."""
    led_nowhere = inquiries.without_outcome(EarningRehearsal, EarningRehearsalVersion)
    return inquiries.sweep(EarningRehearsal, led_nowhere, now=now)
