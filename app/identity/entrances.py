"""Entrances and who came through them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity.entrance_models import ENTRANCE_KINDS, ContactWay, Entrance, EntranceCode, EntranceScan
from app.identity.errors import EntranceNotFound
from app.kernel import clock, codes
from app.kernel.db import db, table_of
from app.kernel.prepared import Prepared

SCENE_LENGTH = 10
DEFAULT_SCENE = "default"


def create(
    *,
    mall_id: int,
    kind: str,
    name: str,
    headline: str,
    store_id: int | None,
    created_by: str,
    now: datetime,
    is_default: bool = False,
) -> Entrance:
    """A new entrance with a fresh scene; its code is fetched from the platform afterwards."""
    if kind not in ENTRANCE_KINDS:
        raise ValueError(f"unknown kind of entrance: {kind}")
    entrance = Entrance(
        mall_id=mall_id,
        scene=codes.new_code(SCENE_LENGTH),
        kind=kind,
        name=name,
        headline=headline,
        store_id=store_id,
        is_default=is_default,
        active=True,
        created_at=now,
        created_by=created_by,
    )
    db.session.add(entrance)
    db.session.flush()
    return entrance


def keep_code(entrance_id: int, *, image: bytes, media_type: str, now: datetime) -> None:
    """Keep the platform's picture of the code; the first one stays."""
    db.session.execute(
        insert(EntranceCode)
        .values(entrance_id=entrance_id, image=image, media_type=media_type, fetched_at=now)
        .on_conflict_do_nothing()
    )


def keep_contact_way(entrance_id: int, *, config_id: str, qr_url: str, user_id: str, now: datetime) -> None:
    """Keep the WeCom contact way of an entrance; the first one stays."""
    db.session.execute(
        insert(ContactWay)
        .values(entrance_id=entrance_id, config_id=config_id, qr_url=qr_url, user_id=user_id, made_at=now)
        .on_conflict_do_nothing()
    )


def find_by_scene(scene: str) -> Entrance | None:
    """The active entrance with this scene; `default` is the group's first default entrance."""
    query = select(Entrance).where(Entrance.active)
    if scene == DEFAULT_SCENE:
        return db.session.scalar(query.where(Entrance.is_default).order_by(Entrance.mall_id).limit(1))
    return db.session.scalar(query.where(Entrance.scene == scene))


def get_by_scene(scene: str) -> Entrance:
    """As find_by_scene; raises EntranceNotFound."""
    entrance = find_by_scene(scene)
    if entrance is None:
        raise EntranceNotFound(scene=scene)
    return entrance


def list_entrances(*, mall_ids: Sequence[int]) -> Sequence[Entrance]:
    """The malls' entrances, the newest first."""
    return db.session.scalars(select(Entrance).where(Entrance.mall_id.in_(mall_ids)).order_by(Entrance.id.desc())).all()


_SCANS = table_of(EntranceScan)
_SCANNED = Prepared(
    insert(_SCANS)
    .values({name: bindparam(name) for name in ("entrance_id", "visit_key", "scanned_at", "day")})
    .on_conflict_do_nothing()
)
_OF_VISIT = update(_SCANS).where(
    _SCANS.c.entrance_id == bindparam("entrance"), _SCANS.c.visit_key == bindparam("visit")
)
_RECOGNISED = Prepared(_OF_VISIT.values(member_id=bindparam("member")))
_JOINED = Prepared(_OF_VISIT.values(member_id=bindparam("member"), joined_at=bindparam("joined")))


def record_scan(entrance_id: int, *, visit_key: str, now: datetime) -> None:
    """Count an opening once per visit key."""
    _SCANNED.later(
        {"entrance_id": entrance_id, "visit_key": visit_key, "scanned_at": now, "day": clock.business_date(now)}
    )


def recognise_scan(entrance_id: int, *, visit_key: str, member_id: int) -> None:
    """Note who it was that came through."""
    _RECOGNISED.later({"entrance": entrance_id, "visit": visit_key, "member": member_id})


def record_join(entrance_id: int, *, visit_key: str, member_id: int, now: datetime) -> None:
    """Note that the opening led to joining."""
    record_scan(entrance_id, visit_key=visit_key, now=now)
    _JOINED.later({"entrance": entrance_id, "visit": visit_key, "member": member_id, "joined": now})


def switch_off(entrance: Entrance) -> None:
    """Let the code lead nowhere from now on; its counts stay."""
    entrance.active = False
    db.session.flush()


def switch_on(entrance: Entrance) -> None:
    """Let the code work again."""
    entrance.active = True
    db.session.flush()
