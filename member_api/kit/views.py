"""How the business's facts read in JSON: members, coupons, tasks. No decisions, no writes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from app.benefits.campaigns import audience
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns import wording as campaign_words
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import queries as benefit_queries
from app.benefits.coupons import till_queries
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.grants import offering
from app.identity import members
from app.identity import queries as identity_queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import table_of
from app.kernel.fastpath.prepared import Prepared
from app.kernel.spelling.names import mask_name
from app.malls.models import Mall, Store
from app.pictures import queries as pictures
from app.pictures.rendering import CARD, COVER, LOGO, PICTURE, Frame
from app.points.ledger import queries as points_queries
from app.tasks import newbie
from app.tiers.growth import growth
from app.tiers.ladders import ladders
from app.tiers.standings import queries as standing_queries
from app.tiers.standings import standings
from app.web import terms
from app.web.pages.pictures import address


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def masked(member: Member) -> str:
    """Somebody as a stranger may read them: their name, masked, else their phone; nothing of who has left."""
    name = members.name_of(member)
    return (mask_name(name) if name else member.phone_masked) or "已注销的会员"


def inviter(member_id: int) -> str | None:
    """Who invites, as a stranger may read it; None for who has left."""
    member = identity_queries.get_member(member_id)
    return masked(member) if identity_queries.is_joined(member) else None


def mall(value: Mall) -> dict[str, Any]:
    """A mall with its looks."""
    return _mall(value, pictures.list_shown("mall", [value.id])[value.id])


def _mall(value: Any, shown: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": value.code,
        "name": value.name,
        "accent": value.accent,
        "accent_far": value.accent_far,
        "slogan": value.slogan,
        "logo": picture(shown.get("logo"), LOGO),
        "cover": picture(shown.get("cover"), COVER),
        "card": picture(shown.get("card"), CARD),
    }


def picture(digest: str | None, frame: Frame) -> dict[str, str] | None:
    """Where a picture is served, small for lists, the others for the top of a page; None where there is none."""
    if digest is None:
        return None
    chosen = {"small": 0, "medium": len(frame.widths) // 2, "large": -1}
    return {size: address(digest, frame.widths[at]) for size, at in chosen.items()}


# What a dozen packages know of a member, in one statement: the card is what members look at most.
_KNOWN = Prepared(
    select(
        Mall.code,
        Mall.name,
        Mall.accent,
        Mall.accent_far,
        Mall.slogan,
        pictures.SHOWN_BY_MALL.label("shown"),
        func.coalesce(growth.VALUE, 0).label("growth"),
        ladders.DOCUMENT.label("ladder"),
        *standings.COLUMNS,
        standing_queries.COUNTING.label("counting"),
        func.coalesce(points_queries.AVAILABLE, 0).label("points"),
        benefit_queries.USABLE.label("coupons_usable"),
        newbie.DONE.label("tasks_done"),
        newbie.TOTAL.label("tasks_total"),
        newbie.POINTS_OPEN.label("tasks_points"),
    )
    .select_from(table_of(Mall).outerjoin(standings.CURRENT, standings.IS_CURRENT))
    .where(Mall.id == bindparam("mall_id"))
)


def member(value: Member, *, now: datetime) -> dict[str, Any]:
    """Everything the card page shows of a member or visitor."""
    known = _KNOWN.first(member_id=value.id, mall_id=value.home_mall_id, now=now, today=clock.business_date(now))
    return {
        "id": value.public_id,
        "status": value.status,
        "joined_at": moment(value.joined_at),
        "phone_masked": value.phone_masked,
        "phone_verified": value.phone_sealed is not None,
        "card_no": value.card_no,
        "points": known.points,
        "tier": _tier(value.id, known, now=now),
        "growth": known.growth,
        "mall": _mall(known, known.shown or {}),
        "coupons_usable": known.coupons_usable,
        "tasks_done": known.tasks_done,
        "tasks_total": known.tasks_total,
        "tasks_points": int(known.tasks_points),
    }


def _tier(member_id: int, known: Any, *, now: datetime) -> dict[str, Any]:
    held = standings.find_held(known)
    stand = standing_queries.resolve(member_id, known.ladder, held, now=now)
    rung, above = stand.ladder.rung_of(stand.tier), stand.ladder.above(stand.tier)
    return {
        "code": rung.code,
        "name": rung.name,
        "next": above and {"name": above.name, "missing": max(above.threshold - known.counting, 0)},
    }


def offers(mall_id: int, *, trigger: str, now: datetime) -> list[dict[str, Any]]:
    """What a trigger gives in a mall to somebody who has it now, with all its conditions."""
    return campaign_offers(offering.list_available(mall_id, trigger=trigger, now=now), now=now)


def campaign_offers(campaigns: Sequence[Campaign], *, now: datetime) -> list[dict[str, Any]]:
    """What campaigns give to somebody who has a coupon of them now, with all their conditions."""
    stores, tiers = _stores_of(campaigns), _tiers_of(campaigns, now=now)
    shown = pictures.list_shown("campaign", [campaign.id for campaign in campaigns])
    return [
        {
            **_offer(campaign, stores.get(campaign.id, []), tiers.get(campaign.id), now=now),
            "picture": picture(shown[campaign.id].get("picture"), PICTURE),
        }
        for campaign in campaigns
    ]


def _tiers_of(campaigns: Iterable[Campaign], *, now: datetime) -> dict[int, str]:
    """Whom campaigns are for that are not for everybody: `金卡及以上`."""
    limited = {campaign.id: campaign.tier_codes for campaign in campaigns if campaign.tier_codes}
    names = ladders.list_names(clock.business_date(now)) if limited else {}
    return {one: campaign_words.audience(audience.named(codes, names)) for one, codes in limited.items()}


def _offer(campaign: Campaign, stores: Sequence[Store], tiers: str | None, *, now: datetime) -> dict[str, Any]:
    until, brief = terms.until_of_offer(campaign, now=now), terms.brief(campaign, campaign, stores)
    conditions = terms.lines(campaign, campaign, stores, until=until)
    return {
        "campaign": campaign.public_id,
        "title": campaign.title,
        "summary": campaign.summary,
        "kind": campaign.kind,
        "face_text": terms.face(
            CampaignKind(campaign.kind),
            face_fen=campaign.face_fen,
            parking_minutes=campaign.parking_minutes,
            discount_bps=campaign.discount_bps,
        ),
        "brief": f"{tiers} · {brief}" if tiers else brief,
        "until": until,
        "conditions": [f"限{tiers}会员", *conditions] if tiers else conditions,
        "stores": [store_place(store) for store in stores],
    }


def store_place(store: Store) -> dict[str, Any]:
    """A store, and where in the mall it is."""
    return {"code": store.code, "name": store.name, "floor": store.floor}


def _stores_of(campaigns: Iterable[Campaign]) -> dict[int, list[Store]]:
    limited = [campaign.id for campaign in campaigns if not campaign.all_stores]
    return campaign_queries.list_stores(limited) if limited else {}


def coupons(rows: Iterable[tuple[Coupon, Campaign]], *, now: datetime) -> list[dict[str, Any]]:
    """A member's coupons, with the stores that take them loaded once."""
    pairs = list(rows)
    stores = _stores_of(campaign for _, campaign in pairs)
    used_in = {(coupon.member_id, coupon.id): _used_in(coupon) for coupon, _ in pairs}
    shown = pictures.list_shown("campaign", {campaign.id for _, campaign in pairs})
    return [
        {
            **_coupon(coupon, campaign, stores.get(campaign.id, []), used_in[coupon.member_id, coupon.id], now=now),
            "picture": picture(shown[campaign.id].get("picture"), PICTURE),
        }
        for coupon, campaign in pairs
    ]


def _used_in(coupon: Coupon) -> str | None:
    if coupon.status != CouponStatus.REDEEMED.value:
        return None
    found = till_queries.find_live_redemption(coupon.member_id, coupon.id)
    return found[1].name if found is not None else None


def _coupon(
    coupon: Coupon, campaign: Campaign, stores: Sequence[Store], used_in: str | None, *, now: datetime
) -> dict[str, Any]:
    return {
        "id": str(coupon.id),
        "code": coupon.code,
        "title": campaign.title,
        "summary": campaign.summary,
        "kind": campaign.kind,
        "face_text": terms.face(
            CampaignKind(campaign.kind),
            face_fen=coupon.face_fen,
            parking_minutes=coupon.parking_minutes,
            discount_bps=coupon.discount_bps,
        ),
        "brief": terms.brief(coupon, campaign, stores),
        "conditions": terms.lines(coupon, campaign, stores, until=terms.until_of_coupon(coupon)),
        "stores": [store_place(store) for store in stores],
        "valid_from": moment(coupon.valid_from),
        "valid_until": moment(coupon.valid_until),
        "status": coupon_status(coupon, now=now),
        "plate": coupon.plate,
        "redeemed_at": moment(coupon.redeemed_at),
        "redeemed_store": used_in,
    }


def coupon_status(coupon: Coupon, *, now: datetime) -> str:
    """The stored status, refined by time: upcoming, usable (shown as such), expired."""
    if coupon.status == CouponStatus.ISSUED.value:
        if now >= coupon.valid_until:
            return "expired"
        return "upcoming" if now < coupon.valid_from else "usable"
    return coupon.status
