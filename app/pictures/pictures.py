"""Keeping a picture and putting it in its place; what no place shows any more is forgotten after a while."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.pictures.models import Picture, PicturePlace, PictureSize
from app.pictures.rendering import Rendered

# Pages and posters that were made just before a picture was replaced still show it.
KEPT_UNUSED = timedelta(days=30)


def place(subject_kind: str, subject_id: int, slot: str, rendered: Rendered, *, now: datetime) -> bool:
    """Show the picture there instead of whatever was shown; the same picture is kept once. False if it was shown."""
    _keep(rendered, now=now)
    _touch_shown(subject_kind, subject_id, slot, now=now)
    placed = insert(PicturePlace).values(
        subject_kind=subject_kind, subject_id=subject_id, slot=slot, digest=rendered.digest, placed_at=now
    )
    changed = db.session.execute(
        placed.on_conflict_do_update(
            index_elements=["subject_kind", "subject_id", "slot"],
            set_={"digest": placed.excluded.digest, "placed_at": placed.excluded.placed_at},
            where=PicturePlace.digest != placed.excluded.digest,
        ).returning(PicturePlace.digest)
    )
    return changed.first() is not None


def _touch_shown(subject_kind: str, subject_id: int, slot: str, *, now: datetime) -> None:
    shown = select(PicturePlace.digest).where(*_at(subject_kind, subject_id, slot))
    db.session.execute(update(Picture).where(Picture.digest.in_(shown)).values(touched_at=now))


def _at(subject_kind: str, subject_id: int, slot: str) -> tuple[ColumnElement[bool], ...]:
    return (
        PicturePlace.subject_kind == subject_kind,
        PicturePlace.subject_id == subject_id,
        PicturePlace.slot == slot,
    )


def _keep(rendered: Rendered, *, now: datetime) -> None:
    db.session.execute(
        insert(Picture)
        .values(
            digest=rendered.digest,
            media_type=rendered.media_type,
            width=rendered.width,
            height=rendered.height,
            touched_at=now,
        )
        # Touched: the sweep must not take it away under whoever is about to place it.
        .on_conflict_do_update(index_elements=["digest"], set_={"touched_at": now})
    )
    sizes = [{"digest": rendered.digest, "width": width, "image": image} for width, image in rendered.images.items()]
    db.session.execute(insert(PictureSize).on_conflict_do_nothing(), sizes)


def remove(subject_kind: str, subject_id: int, slot: str, *, now: datetime) -> bool:
    """Show nothing there any more; False where nothing was shown."""
    _touch_shown(subject_kind, subject_id, slot, now=now)
    removed = db.session.execute(
        delete(PicturePlace).where(*_at(subject_kind, subject_id, slot)).returning(PicturePlace.digest)
    )
    return removed.first() is not None


def sweep(*, now: datetime) -> int:
    """Forget pictures that no place has shown for a while; returns how many."""
    unused = db.session.scalars(
        select(Picture.digest)
        .where(Picture.touched_at < now - KEPT_UNUSED, ~exists().where(PicturePlace.digest == Picture.digest))
        .with_for_update(skip_locked=True)
        .limit(100)
    ).all()
    if unused:
        db.session.execute(delete(PictureSize).where(PictureSize.digest.in_(unused)))
        db.session.execute(delete(Picture).where(Picture.digest.in_(unused)))
    return len(unused)
