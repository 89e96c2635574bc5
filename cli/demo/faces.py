"""What the demo malls look like: drawings of the project's own, uploaded as a mall's people would upload theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import resvg_py

from app.malls import looks
from app.malls.looks import Look
from app.malls.models import Mall, Store
from app.pictures import pictures, rendering
from app.pictures.rendering import Frame

_DRAWINGS = Path(__file__).parent / "pictures"

LOOKS = {
    "YH": Look(accent="#0f766e", accent_far="#0b544e", slogan="城市好时光，在此汇聚"),
    "YT": Look(accent="#9a3412", accent_far="#7c2a10", slogan="一院一景，慢享生活"),
}
_CAMPAIGNS = {
    "join-parking": "campaign-parking",
    "join-dining": "campaign-dining",
    "first-fashion": "campaign-fashion",
    "first-kids": "campaign-kids",
    "first-hotpot": "campaign-hotpot",
    "first-books": "campaign-books",
    "points-parking": "campaign-parking",
    "points-coffee": "store-chenguang",
    "points-dining": "campaign-dining",
    "points-playground": "campaign-kids",
}
_STORES = {
    "YH-B1-P": "yueting",
    "YH-1F-01": "chenguang",
    "YH-1F-08": "suyan",
    "YH-2F-03": "shiguang",
    "YH-2F-12": "qinghe",
    "YH-3F-05": "shanye",
    "YH-3F-16": "xiaolu",
    "YH-4F-02": "jiangnan",
    "YH-4F-08": "feiteng",
    "YH-5F-01": "xingmu",
    "YT-1F-02": "chenguang",
    "YT-2F-06": "banmu",
    "YT-3F-01": "longjing",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A drawing, and where it is shown."""

    drawing: str
    kind: str
    subject_id: int
    slot: str
    frame: Frame


def show(
    malls: dict[str, Mall], stores: dict[str, Store], campaigns: dict[tuple[str, str], int], now: datetime
) -> None:
    """Give the demo malls their colours and every picture; `campaigns` are ids by the codes of mall and campaign."""
    for code, look in LOOKS.items():
        looks.change_look(malls[code], look)
    rendered: dict[str, rendering.Rendered] = {}
    for place in _places(malls, stores, campaigns):
        if place.drawing not in rendered:
            rendered[place.drawing] = rendering.render(_drawn(place), place.frame)
        pictures.place(place.kind, place.subject_id, place.slot, rendered[place.drawing], now=now)


def _places(
    malls: dict[str, Mall], stores: dict[str, Store], campaigns: dict[tuple[str, str], int]
) -> Iterator[_Place]:
    for code in LOOKS:
        for slot, frame in (("logo", rendering.LOGO), ("cover", rendering.COVER), ("card", rendering.CARD)):
            yield _Place(f"{code.lower()}-{slot}", "mall", malls[code].id, slot, frame)
    for (_, code), campaign_id in campaigns.items():
        yield _Place(_CAMPAIGNS[code], "campaign", campaign_id, "picture", rendering.PICTURE)
    for code, name in _STORES.items():
        yield _Place(f"store-{name}-logo", "store", stores[code].id, "logo", rendering.STORE_LOGO)
        if (_DRAWINGS / f"store-{name}.svg").exists():
            yield _Place(f"store-{name}", "store", stores[code].id, "picture", rendering.PICTURE)


def _drawn(place: _Place) -> bytes:
    """The drawing as a PNG, as large as its place needs on a phone: the demo loads at every first start."""
    path = _DRAWINGS / f"{place.drawing}.svg"
    return bytes(resvg_py.svg_to_bytes(svg_path=str(path), width=_width(place), skip_system_fonts=True))


def _width(place: _Place) -> int:
    return place.frame.widths[-1] if place.kind == "mall" else min(640, place.frame.widths[-1])
