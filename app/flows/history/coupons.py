"""Coupons that members claimed and used in the past, a batch at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import bulk, coupons, rules
from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.benefits.stock import stock
from app.flows.consequences.effects import Effects
from app.flows.consequences.uses import redemption
from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.identity import bulk as identity_bulk
from app.kernel.errors import DomainError
from app.kernel.security import codes
from app.malls.store_refs import StoreRef
from app.timeline import bulk as timeline_bulk
from app.timeline.models import EventKind


class Use(NamedTuple):
    """That a coupon was used in a store, for a purchase of so many fen."""

    store: StoreRef
    spend_fen: int | None
    at: datetime


class Incoming(NamedTuple):
    """That a joined member claimed a coupon, once under the grant's key, and used it if `use` says so."""

    member_id: int
    campaign: Campaign
    grant_key: str
    claimed_at: datetime
    use: Use | None


@dataclass(slots=True)
class Batch:
    """What is known of the batch's members, and what is to be written."""

    granted: set[tuple[int, str]]
    held: Counter[tuple[int, int]]
    places: set[tuple[int, int]]
    ids: Iterator[int]
    coupons: list[Coupon] = field(default_factory=list)
    uses: list[tuple[Coupon, Incoming]] = field(default_factory=list)


def load(batch: Sequence[Incoming], *, trigger: str, effects: Effects) -> list[Outcome]:
    """Give and use the coupons as the ordinary flows would at their moments; one outcome each, in order.

    Nobody of the staff did it here, so no name and no entry of the audit log stands for a use; without effects nothing
    is posted. Raises Busy when a member has left meanwhile, CampaignOutOfStock when there are not so many, and
    BookNotOpen: roll back, none of the batch is here then.
    """
    member_ids = {item.member_id for item in batch}
    identity_bulk.lock_members(member_ids)
    identity_bulk.ensure_joined(member_ids)
    around = Batch(
        granted=bulk.list_granted(member_ids),
        held=bulk.count_held(member_ids),
        places=bulk.list_places({item.campaign.id for item in batch}),
        ids=iter(bulk.new_ids(len(batch))),
    )
    found = [_place(item, around, trigger) for item in batch]
    _write(around, trigger, effects)
    return found


def _place(item: Incoming, around: Batch, trigger: str) -> Outcome:
    """Decide on one, as if those before it were there."""
    if (item.member_id, item.grant_key) in around.granted:
        return outcomes.KNOWN
    kind = (item.member_id, item.campaign.id)
    try:
        coupon = coupons.make(
            item.member_id,
            item.campaign,
            held=around.held[kind],
            grant_key=item.grant_key,
            trigger=trigger,
            entrance_id=None,
            now=item.claimed_at,
        )
        coupon.id = next(around.ids)
        if item.use is not None:
            _ensure_usable(coupon, item, item.use, around)
    except DomainError as error:
        return outcomes.refused(error)
    around.granted.add((item.member_id, item.grant_key))
    around.held[kind] += 1
    around.coupons.append(coupon)
    if item.use is not None:
        around.uses.append((coupon, item))
    return outcomes.NEW


def _ensure_usable(coupon: Coupon, item: Incoming, use: Use, around: Batch) -> None:
    facts = bulk.facts_of(coupon, item.campaign, for_this_store=_is_taken_in(item.campaign, use.store, around))
    rules.ensure_for_till(facts, now=use.at)
    rules.ensure_spend(facts, use.spend_fen)


def _is_taken_in(campaign: Campaign, store: StoreRef, around: Batch) -> bool:
    if campaign.all_stores:
        return store.mall_id == campaign.mall_id
    return (campaign.id, store.store_id) in around.places


def _write(around: Batch, trigger: str, effects: Effects) -> None:
    used, found = [], []
    for coupon, item in around.uses:
        if item.use is None:
            raise AssertionError("only uses are noted")
        facts = bulk.facts_of(coupon, item.campaign, for_this_store=True)
        use = redemption.use_at_till(facts, item.use.store, item.use.spend_fen, staff_id=None)
        public_id = codes.new_public_id()
        used.append(bulk.Used(public_id, facts, use, item.use.at))
        found.append(redemption.describe(public_id, facts, use, item.use.store, now=item.use.at))
    bulk.write(around.coupons, used)
    timeline_bulk.record(
        EventKind.COUPON_CLAIMED,
        (
            (one.member_id, coupon_facts.issue(one.id), one.issued_at, one.mall_id, None, trigger)
            for one in around.coupons
        ),
    )
    redemption.apply_all(found, effects=effects)
    for campaign_id, count in sorted(Counter(coupon.campaign_id for coupon in around.coupons).items()):
        stock.take_many(campaign_id, count)
