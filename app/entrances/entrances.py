"""Entrances and who came through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.entrances.errors import EntranceNotFound
from app.entrances.models import ENTRANCE_KINDS, ContactWay, Entrance, EntranceCode
from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.security import codes
from app.kernel.switches import switch

SCENE_LENGTH = 10
DEFAULT_SCENE = "default"


class Standing(StrEnum):
    """How a code stands that somebody scanned."""

    OPEN = "open"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a scanned code counts, and the entrance it leads to: the main one where the code itself leads nowhere.

    `unknown_scene` is what the code said when it is nobody's.
    """

    counted: Entrance
    shown: Entrance
    standing: Standing
    unknown_scene: str | None = None


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


def create_once(*, mall_id: int, kind: str, name: str, headline: str, created_by: str, now: datetime) -> None:
    """A new entrance of a kind that a mall has once; who comes second changes nothing."""
    db.session.execute(
        insert(Entrance)
        .values(
            mall_id=mall_id,
            scene=codes.new_code(SCENE_LENGTH),
            kind=kind,
            name=name,
            headline=headline,
            is_default=False,
            active=True,
            created_at=now,
            created_by=created_by,
        )
        .on_conflict_do_nothing()
    )


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


_DEFAULTS = select(table_of(Entrance)).where(Entrance.active, Entrance.is_default).limit(1)
_DEFAULT = PreparedEntities(Entrance, _DEFAULTS.order_by(Entrance.mall_id))
_DEFAULT_OF_MALL = PreparedEntities(Entrance, _DEFAULTS.where(Entrance.mall_id == bindparam("mall_id")))
_BY_SCENE = PreparedEntities(Entrance, select(table_of(Entrance)).where(Entrance.scene == bindparam("scene")))


def find_by_scene(scene: str) -> Entrance | None:
    """The entrance with this scene, stopped or not; `default` is the group's first default entrance."""
    if scene == DEFAULT_SCENE:
        return _DEFAULT.first()
    return _BY_SCENE.first(scene=scene)


def find_scanned(scene: str) -> Found | None:
    """What a scanned code is, and where it leads; None where there is no way in at all."""
    entrance = find_by_scene(scene)
    if entrance is not None and entrance.active:
        return Found(entrance, entrance, Standing.OPEN)
    if entrance is not None:
        main = _DEFAULT_OF_MALL.first(mall_id=entrance.mall_id)
        return Found(entrance, main or entrance, Standing.STOPPED)
    main = _DEFAULT.first()
    return None if main is None else Found(main, main, Standing.UNKNOWN, unknown_scene=scene)


def get_scanned(scene: str) -> Found:
    """As find_scanned; raises EntranceNotFound."""
    found = find_scanned(scene)
    if found is None:
        raise EntranceNotFound(scene=scene)
    return found


def list_entrances(*, mall_ids: Sequence[int]) -> Sequence[Entrance]:
    """The malls' entrances, the newest first."""
    return db.session.scalars(select(Entrance).where(Entrance.mall_id.in_(mall_ids)).order_by(Entrance.id.desc())).all()


def reword(entrance: Entrance, headline: str) -> str | None:
    """Give the entrance another headline, for its poster and the page it opens; the old one, None if it says so."""
    before = entrance.headline
    if before == headline:
        return None
    entrance.headline = headline
    db.session.flush()
    return before


def switch_off(entrance: Entrance) -> bool:
    """Let the code lead to the main entrance from now on; who scans it still counts here. False when it did already."""
    return switch(entrance, active=False)


def switch_on(entrance: Entrance) -> bool:
    """Let the code work again; False when it worked already."""
    return switch(entrance, active=True)
