"""Rehearsals: asked, counted one page of members after another, kept. Those of published ladders stay."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import or_

from app.kernel import clock
from app.kernel.outbox import Claim
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import Ladder
from app.tiers.rehearsals import counting
from app.tiers.rehearsals.counting import Group, Page, Parking
from app.tiers.rehearsals.errors import LadderNotRehearsed, TooManyTierRehearsals
from app.tiers.rehearsals.models import TierRehearsal, TierRehearsalVersion

PAGE = 5_000
REHEARSALS = inquiries.queue_of(TierRehearsal)


def ask(ladder: Ladder, *, by: Asker, now: datetime) -> TierRehearsal:
    """Rehearse a ladder with everybody as they stand. Raises LadderInvalid and TooManyTierRehearsals."""
    before = ladders.in_force(clock.business_date(now))
    ladders.ensure_sound(ladder, standing={rung.code: rung.name for rung in ladders.list_dated()[0].ladder.rungs})
    wanted = TierRehearsal(
        old_document=documents.to_document(before),
        document=documents.to_document(ladder),
        members=counting.count_members(),
        counted=0,
        reached_id=0,
        result=[],
        parking=[],
    )
    return inquiries.ask(REHEARSALS, wanted, by=by, too_many=TooManyTierRehearsals, now=now)


def get(mall_id: int, public_id: str) -> TierRehearsal:
    """What was asked for as this in the mall, or anywhere once its ladder was published; raises NotFound."""
    led_nowhere = inquiries.without_outcome(TierRehearsal, TierRehearsalVersion)
    return inquiries.get(TierRehearsal, public_id, or_(TierRehearsal.mall_id == mall_id, ~led_nowhere))


def list_latest(mall_id: int, *, now: datetime) -> Sequence[TierRehearsal]:
    """Those that were asked last in the mall, the newest first."""
    return inquiries.list_latest(TierRehearsal, mall_id, now=now)


def groups_of(rehearsal: TierRehearsal) -> list[Group]:
    """What is known so far."""
    return [Group(*one) for one in rehearsal.result]


def parking_of(rehearsal: TierRehearsal) -> list[Parking] | None:
    """What free minutes would have cost each mall so far; None of a rehearsal that did not ask for it."""
    return None if rehearsal.parking is None else [Parking(*one) for one in rehearsal.parking]


def publish(mall_id: int, public_id: str, *, effective_from: date, by: str, now: datetime) -> TierLadder:
    """Let the ladder that was rehearsed hold from a day on; the rehearsal stays with it.

    Raises NotFound, LadderNotRehearsed before it is done, and what `ladders.publish` raises.
    """
    rehearsal = get(mall_id, public_id)
    if rehearsal.done_at is None:
        raise LadderNotRehearsed
    ladder = documents.to_ladder(rehearsal.document)
    version = ladders.publish(ladder, effective_from=effective_from, by=by, now=now)
    inquiries.note_outcome(TierRehearsalVersion, rehearsal, version_id=version.id)
    return version


def is_published(rehearsal: TierRehearsal) -> bool:
    """Whether a ladder was published after it."""
    return inquiries.has_outcome(TierRehearsalVersion, rehearsal)


def published_of(found: Collection[TierRehearsal]) -> set[int]:
    """The numbers of those after which a ladder was published."""
    return inquiries.with_outcome(TierRehearsalVersion, found)


def list_of(version_ids: Collection[int]) -> dict[int, TierRehearsal]:
    """The rehearsal that a ladder was published after, by the version."""
    return inquiries.of_versions(TierRehearsal, TierRehearsalVersion, version_ids)


def count_next(rehearsal: TierRehearsal, *, now: datetime) -> Page:
    """The next page of one that is claimed."""
    ladder = documents.to_ladder(rehearsal.document)
    return counting.count_page(ladder, after=rehearsal.reached_id, now=now, limit=PAGE)


def keep(claim: Claim, rehearsal: TierRehearsal, page: Page, *, now: datetime) -> bool:
    """Keep what was counted of the next page; a short one ends it. False when another worker has it now."""
    return inquiries.keep(
        REHEARSALS,
        claim,
        TierRehearsal.reached_id == rehearsal.reached_id,
        is_last=page.looked_at < PAGE,
        now=now,
        result=[list(one) for one in counting.merged(rehearsal.result, page.groups)],
        parking=None if rehearsal.parking is None else _with_parking(rehearsal.parking, page),
        reached_id=page.last_id,
        counted=rehearsal.counted + page.looked_at,
    )


def _with_parking(known: Sequence[Sequence[int]], page: Page) -> list[list[int]]:
    return [list(one) for one in counting.merged_parking(known, page.parking)]


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough and led to no ladder; returns how many."""
    led_nowhere = inquiries.without_outcome(TierRehearsal, TierRehearsalVersion)
    return inquiries.sweep(TierRehearsal, led_nowhere, now=now)
