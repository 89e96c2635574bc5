"""Two members who have both joined become one, the only way there is, and become two again when that was wrong.

Points move lot by lot, what is owed and growth by entries, coupons by voiding and giving like ones. What both did
before stays under their own numbers and is read by both. All that went along is written down with the merge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import audit
from app.benefits.coupons import carrying
from app.benefits.coupons import queries as coupon_queries
from app.benefits.tier_benefits import allowances
from app.flows.consequences import profiling
from app.identity import facts, merges, queries
from app.identity.duplicates import pairs, sightings
from app.identity.duplicates.models import Outcome
from app.identity.errors import MergeHeldUp
from app.identity.models import Member, MemberMerge, MergeWhy
from app.identity.profiles import profiles
from app.identity.profiles import queries as profile_queries
from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.lifecycle.stages import acts
from app.lifecycle.stages.models import Stage
from app.outreach.consents import consents
from app.outreach.messages import handing_over
from app.parking.payment import queries as parking_queries
from app.parking.sessions import owners
from app.payments import queries as order_queries
from app.points.ledger import hold_queries, transfers
from app.points.ledger.transfers import Move
from app.tasks import newbie
from app.tiers import crediting
from app.tiers.growth import growth
from app.tiers.standings import carrying as standings

_MERGED, _UNDONE = Reason("merge"), Reason("merge_undone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undoing gave back, and what it could not: points and growth that are gone, coupons that were used.

    `stage` is where the member stands again; None until the next night counts them.
    """

    member_id: int
    points: int
    points_missing: int
    debt_points: int
    growth: int
    growth_missing: int
    coupons: int
    coupons_used: int
    stage: Stage | None


def merge_members(
    one_id: int,
    other_id: int,
    *,
    keep_id: int | None = None,
    why: MergeWhy = MergeWhy.CASE,
    actor: audit.Actor = audit.SYSTEM,
    now: datetime,
) -> int | None:
    """Let two joined members be one, with all that either has. Returns the merge.

    The one of them who is `keep_id` stays, if it is given, else whoever joined first. None, and nothing changes, when
    they are one already or one of them has left. Raises MergeHeldUp.
    """
    pair = merges.lock_pair(one_id, other_id)
    if len(pair) < 2 or not all(queries.is_joined(member) for member in pair):
        return None
    kept = queries.get_member(keep_id).id if keep_id is not None else None
    survivor, member = sorted(pair, key=lambda each: (each.id != kept, each.joined_at or now, each.id))
    _ensure_nothing_open(member, now=now)
    merge = merges.begin(member, into=survivor, why=why, actor=actor, now=now)
    carried = _carry(merge, now=now)
    carried["stage"] = acts.merge(member.id, day=clock.business_date(now))
    merges.finish(merge, member, into=survivor, carried=carried)
    if profile_queries.get_profile(survivor.id).profiling_off_at is not None:
        profiling.forget_conclusions(survivor.id)  # the one's decision holds for both
    pairs.hand_over(member.id, to=survivor.id, now=now)
    pairs.close(pairs.pair_of(member.id, survivor.id), Outcome.MERGED, now=now)
    sightings.look_again([member.id, survivor.id])
    told = {name: carried[name] for name in ("points", "debt_points", "growth", "coupons")}
    _note(actor, "member.merged", member, told | {"into": survivor.id}, now=now)
    return merge.id


def _ensure_nothing_open(member: Member, *, now: datetime) -> None:
    if (
        parking_queries.count_awaiting(member.id)
        or order_queries.count_unpaid(member.id)
        or coupon_queries.count_all_reserved(member.id)
        or hold_queries.count_current(member.id, now=now)
    ):
        raise MergeHeldUp


def _carry(merge: MemberMerge, *, now: datetime) -> dict[str, Any]:
    """Everything the one has to the other, in the order of the locks; what it was, for whoever undoes it."""
    giver, taker = merge.from_member_id, merge.into_member_id
    coupons = carrying.carry_over(giver, into=taker, merge_id=merge.id, now=now)
    allowances.carry_over(giver, into=taker)
    moved = transfers.move_all(_move(merge, now=now))
    value, counting = growth.value_of(giver), standings.counting_of(giver, now=now)
    standing = standings.hand_over(giver, to=taker, now=now)
    _move_growth({giver: -1, taker: 1}, value, counting, _MERGED, facts.merge(merge.id), now=now)
    return {
        "coupons": coupons,
        "points": moved.points,
        "debt_points": moved.debt_points,
        "growth": value,
        "growth_counting": counting,
        "standing": standing,
        "tasks": newbie.carry_over(giver, into=taker),
        "profile": profiles.carry_over(giver, into=taker, now=now),
        "consents": consents.move_all(giver, taker, fact=facts.merge(merge.id), now=now),
        "messages": handing_over.hand_over(giver, to=taker),
        "stays": owners.hand_over(giver, to=taker),
    }


def _move(merge: MemberMerge, *, now: datetime) -> Move:
    return Move(
        giver_id=merge.from_member_id,
        taker_id=merge.into_member_id,
        reason=_MERGED,
        fact=facts.merge(merge.id),
        debt_fact=facts.debt_merged(merge.id),
        now=now,
    )


def _move_growth(
    signs: Mapping[int, int], value: int, counting: int | None, reason: Reason, fact: Fact, *, now: datetime
) -> None:
    """From the one to the other: what of it counts for the period goes along as such."""
    for member_id, sign in sorted(signs.items()):
        counts = None if counting is None else sign * min(counting, value)
        crediting.credit(member_id, growth=sign * value, counting=counts, reason=reason, fact=fact, now=now)


def undo_merge(merge_id: int, *, actor: audit.Actor, now: datetime) -> Undone:
    """Let the two be two again, each with what is theirs as far as it is still there.

    Raises NotFound, MergeNotUndoable, and MergeHeldUp while a payment of the survivor is under way.
    """
    merge, member, survivor = merges.lock_merge(merge_id)
    _ensure_nothing_open(survivor, now=now)
    undone = _give_back(merge, now=now)
    returned = {name: getattr(undone, name) for name in undone.__slots__ if name not in {"member_id", "stage"}}
    merges.undo(merge, member, survivor, returned=returned | {"stage": undone.stage}, now=now)
    pairs.close(pairs.pair_of(member.id, survivor.id), Outcome.APART, now=now)
    sightings.look_again([member.id, survivor.id])
    _note(actor, "member.merge_undone", member, returned, now=now)
    return undone


def _give_back(merge: MemberMerge, *, now: datetime) -> Undone:
    carried, member_id, survivor_id = merge.carried, merge.from_member_id, merge.into_member_id
    coupons, used = carrying.bring_back(survivor_id, merge_id=merge.id, now=now)
    before = _move(merge, now=now)
    back = Move(
        giver_id=survivor_id,
        taker_id=member_id,
        reason=_UNDONE,
        fact=facts.merge_undone(merge.id),
        debt_fact=facts.debt_returned(merge.id),
        now=now,
    )
    moved = transfers.move_back(back, before=before)
    value, fact = min(carried["growth"], growth.value_of(survivor_id)), facts.merge_undone(merge.id)
    standings.hand_back(carried.get("standing"), of=survivor_id, to=member_id, now=now)
    signs = {survivor_id: -1, member_id: 1}
    _move_growth(signs, value, carried.get("growth_counting"), _UNDONE, fact, now=now)
    newbie.take_back(survivor_id, carried["tasks"])
    profiles.take_from(survivor_id, carried["profile"], of=member_id, now=now)
    consents.move_back(survivor_id, member_id, carried.get("consents", {}), fact=fact, now=now)
    handing_over.take_back(survivor_id, carried.get("messages", []), of=member_id)
    owners.hand_back(carried["stays"], of=survivor_id, to=member_id)
    return Undone(
        member_id=member_id,
        points=moved.points,
        points_missing=carried["points"] - moved.points,
        debt_points=moved.debt_points,
        growth=value,
        growth_missing=carried["growth"] - value,
        coupons=coupons,
        coupons_used=used,
        stage=acts.part(member_id, carried.get("stage", {})),
    )


def _note(actor: audit.Actor, action: str, member: Member, told: dict[str, Any], *, now: datetime) -> None:
    audit.record(actor, action=action, subject=f"member:{member.id}", now=now, facts=told)
