"""Entrances whose headline may promise what a campaign gives: to be looked at when it gives no more."""

from collections.abc import Iterable, Sequence

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.entrances import entrances
from app.entrances.models import Entrance
from app.web import terms


def find(campaigns: Iterable[Campaign]) -> list[Entrance]:
    """The open entrances of the campaigns' malls with a headline that names what one of them gives."""
    found: dict[int, Entrance] = {}
    for campaign in campaigns:
        words = [word.replace(" ", "") for word in _words(campaign)]
        for entrance in entrances.list_entrances(mall_ids=[campaign.mall_id]):
            headline = entrance.headline.replace(" ", "")
            if entrance.active and any(word in headline for word in words):
                found[entrance.id] = entrance
    return list(found.values())


def named(found: Sequence[Entrance]) -> str:
    """The entrances in one sentence that asks for new headlines; empty when there are none."""
    if not found:
        return ""
    lines = "、".join(f"{one.name}「{one.headline}」" for one in found)
    return f"入口码的主标语可能还在宣传这张券，请到入口码里核对修改：{lines}。"


def _words(campaign: Campaign) -> list[str]:
    kind = CampaignKind(campaign.kind)
    gives = terms.face(
        kind,
        face_fen=campaign.face_fen,
        parking_minutes=campaign.parking_minutes,
        discount_bps=campaign.discount_bps,
    )
    match kind:
        case CampaignKind.PARKING:
            return [campaign.title, gives, "停车券"]
        case CampaignKind.CASH:
            return [campaign.title, gives, f"{gives.removeprefix('¥')}元"]
        case _:
            return [campaign.title] if kind is CampaignKind.GIFT else [campaign.title, gives]
