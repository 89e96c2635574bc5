"""Giving what tiers give by the calendar: once for each member, tier and period, however often it is tried."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from app.benefits.campaigns.errors import CampaignLimitReached, CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons.models import Coupon
from app.benefits.stock import stock
from app.benefits.stock.errors import CampaignOutOfStock
from app.benefits.tier_benefits.models import TierAllowance, TierAllowanceDay
from app.benefits.tier_benefits.rules import Benefits, Due, is_current, list_due, whose
from app.kernel import clock
from app.kernel.db import db
from app.kernel.runs import rounds

_LONGEST_PERIOD = timedelta(days=366)


def give(member_id: int, tier: str, due: Sequence[Due], *, mall_id: int, now: datetime) -> list[Coupon]:
    """Give a locked member what they are due and were not given; what has run out counts as given.

    The campaign's limit for each member is about what they claim; here the period is the limit.
    """
    fresh = [one for one in due if _take(member_id, tier, one, mall_id=mall_id, now=now)]
    if not fresh:
        return []
    known = {one.public_id: one for one in db.session.scalars(_campaigns(mall_id, {one.campaign for one in fresh}))}
    given = []
    for one in sorted(fresh, key=lambda each: each.campaign):  # stock is taken in one order
        coupon = _issue(member_id, known.get(one.campaign), one, now=now)
        if coupon is not None:
            _note(member_id, one.key, coupon)
            given.append(coupon)
    return given


def _take(member_id: int, tier: str, due: Due, *, mall_id: int, now: datetime) -> bool:
    """Whether it is ours to give: the row says that it is given."""
    taken = insert(TierAllowance).values(
        member_id=member_id, key=due.key, mall_id=mall_id, tier_code=tier, coupon_id=None, given_at=now
    )
    return db.session.scalar(taken.on_conflict_do_nothing().returning(TierAllowance.key)) is not None


def _issue(member_id: int, campaign: Campaign | None, due: Due, *, now: datetime) -> Coupon | None:
    if campaign is None:
        return None
    with suppress(CampaignNotAvailable, CampaignLimitReached, CampaignOutOfStock), db.session.begin_nested():
        key = f"tier:{due.key}"
        coupon = coupons.make(
            member_id, campaign, held=0, grant_key=key, trigger=due.trigger, entrance_id=None, now=now
        )
        coupons.write([coupon])
        stock.take(campaign.id, start_at=member_id)
        return coupon
    return None


def _note(member_id: int, key: str, coupon: Coupon) -> None:
    own = (TierAllowance.member_id == member_id, TierAllowance.key == key)
    db.session.execute(update(TierAllowance).where(*own).values(coupon_id=coupon.id))


def _campaigns(mall_id: int, public_ids: Collection[str]) -> Select[tuple[Campaign]]:
    return select(Campaign).where(Campaign.mall_id == mall_id, Campaign.public_id.in_(sorted(public_ids)))


def list_missing(
    tiers: Mapping[int, str], benefits: Benefits, *, on: date, birth_months: Mapping[int, int]
) -> dict[int, list[Due]]:
    """What each of the members, by the tier they stand on, is due on a day and was not given."""
    due = {
        member_id: list_due(tier, benefits.of(tier), on=on, birth_month=birth_months.get(member_id))
        for member_id, tier in tiers.items()
    }
    given = _given([member_id for member_id, one in due.items() if one])
    missing = {
        member_id: [each for each in one if (member_id, each.key) not in given] for member_id, one in due.items()
    }
    return {member_id: one for member_id, one in missing.items() if one}


def _given(member_ids: Sequence[int]) -> set[tuple[int, str]]:
    ids = bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))
    rows = select(TierAllowance.member_id, TierAllowance.key).where(TierAllowance.member_id == func.any(ids))
    return set(db.session.execute(rows).tuples())


def carry_over(member_id: int, *, into: int) -> None:
    """What a member was given, whom they are merged into is not given again."""
    one = TierAllowance
    same = select(literal(into), one.key, one.mall_id, one.tier_code, literal(None, BigInteger), one.given_at)
    columns = ("member_id", "key", "mall_id", "tier_code", "coupon_id", "given_at")
    carried = insert(one).from_select(columns, same.where(one.member_id == member_id))
    db.session.execute(carried.on_conflict_do_nothing())


def list_current(member_ids: Sequence[int], *, on: date) -> list[str]:
    """Keys of what the members were given for the periods that a day lies in."""
    since = clock.start_of_day(on - _LONGEST_PERIOD)
    mine = (TierAllowance.member_id.in_(member_ids), TierAllowance.given_at >= since)
    return sorted(key for key in db.session.scalars(select(TierAllowance.key).where(*mine)) if is_current(key, on))


def recall(member_id: int, keys: Collection[str], *, mall_id: int, now: datetime) -> None:
    """What a locked member was given as whom they were before, they are not given again."""
    if keys:
        rows = [
            {"member_id": member_id, "key": key, "mall_id": mall_id, "tier_code": whose(key), "given_at": now}
            for key in sorted(keys)
        ]
        db.session.execute(insert(TierAllowance).values(rows).on_conflict_do_nothing())


def reached_on(mall_id: int, day: date) -> int | None:
    """Up to which member a day's giving is in a mall; None when it is done."""
    progress = db.session.get(TierAllowanceDay, (mall_id, day), populate_existing=True)
    if progress is None:
        return 0
    return progress.reached_id if progress.done_at is None else None


def note_reached(mall_id: int, day: date, reached: int, done_at: datetime | None) -> None:
    """Note how far it is."""
    rounds.note(TierAllowanceDay, mall_id=mall_id, day=day, reached=reached, done_at=done_at)
