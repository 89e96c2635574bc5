"""Pure rules of campaigns: what a sound offer is, and whether one gives coupons on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.benefits.campaigns.errors import CampaignInvalid
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.kernel import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A campaign's terms. Amounts in fen, shares and discount (what is taken off) in bps, `stock` None = unlimited.

    Valid for `valid_days` from issue (the day of issue included), or from `valid_from` until `valid_until`.
    Given from `issue_from` until `issue_until`, both days included; None = no such bound.
    To be had for `exchange_points` and `exchange_fen` of cash, which only a campaign asks that the mall bears wholly.
    `tier_codes` None = for everybody.
    """

    title: str
    summary: str
    kind: CampaignKind
    face_fen: int = 0
    parking_minutes: int = 0
    discount_bps: int = 0
    min_spend_fen: int = 0
    valid_days: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    per_member_limit: int = 1
    mall_share_bps: int = money.BPS
    stock: int | None = None
    issue_from: date | None = None
    issue_until: date | None = None
    exchange_points: int | None = None
    exchange_fen: int = 0
    tier_codes: list[str] | None = None


class State(StrEnum):
    """Whether a campaign gives coupons on a day, and if not, why."""

    RUNNING = "running"
    SCHEDULED = "scheduled"  # its first day is yet to come
    PAUSED = "paused"
    ENDED = "ended"  # its last day is over, or its coupons would have expired


def state_on(campaign: Campaign, day: date) -> State:
    """How the campaign stands on a day of the mall."""
    last = min((end for end in (campaign.issue_until, campaign.valid_until) if end is not None), default=None)
    if last is not None and day > last:
        return State.ENDED
    if not campaign.active:
        return State.PAUSED
    if campaign.issue_from is not None and day < campaign.issue_from:
        return State.SCHEDULED
    return State.RUNNING


def ensure_sound(offer: Offer) -> None:
    """Whether the terms make sense together; raises CampaignInvalid (fact field)."""
    for field, is_wrong in _problems(offer).items():
        if is_wrong:
            raise CampaignInvalid(field=field)


def _problems(offer: Offer) -> dict[str, bool]:
    return {
        "title": not 1 <= len(offer.title.strip()) <= 40,
        "parking_minutes": (offer.kind is CampaignKind.PARKING) != (offer.parking_minutes > 0),
        "face_fen": offer.kind is not CampaignKind.PARKING and offer.face_fen <= 0,
        "discount_bps": (offer.kind is CampaignKind.DISCOUNT) != (0 < offer.discount_bps < money.BPS),
        "min_spend_fen": offer.min_spend_fen < 0,
        "mall_share_bps": not 0 <= offer.mall_share_bps <= money.BPS,
        "per_member_limit": offer.per_member_limit < 1,
        "stock": offer.stock is not None and offer.stock < 0,
        "validity": (offer.valid_days is None) == (offer.valid_until is None),
        "issue_until": offer.issue_from is not None
        and offer.issue_until is not None
        and offer.issue_until < offer.issue_from,
        "exchange_points": offer.exchange_points is not None and offer.exchange_points < 1,
        "tier_codes": offer.tier_codes == [],
        "exchange_fen": not _is_sound_cash(offer),
    }


def _is_sound_cash(offer: Offer) -> bool:
    """Cash goes to the mall, so nobody else may bear a part of what it pays for."""
    if offer.exchange_fen == 0:
        return True
    return offer.exchange_fen > 0 and offer.exchange_points is not None and offer.mall_share_bps == money.BPS
