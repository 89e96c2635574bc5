"""Photographed receipts: one, a member's, a mall's, the next that somebody is to read; and the photographs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, text, tuple_, union

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store
from app.purchases.photos.errors import PhotoGone
from app.purchases.photos.models import OPEN, ReceiptPhoto, ReceiptPhotoImage, ReceiptPhotoPrint, State

ORDER = Order(ReceiptPhoto.created_at.desc(), ReceiptPhoto.member_id.desc(), ReceiptPhoto.id.desc())
_QUEUE = (ReceiptPhoto.created_at, ReceiptPhoto.member_id, ReceiptPhoto.id)


def lock(member_id: int, photo_id: int) -> ReceiptPhoto:
    """The photograph as it stands now, locked; raises NotFound."""
    found = db.session.scalar(
        select(ReceiptPhoto)
        .where(ReceiptPhoto.member_id == member_id, ReceiptPhoto.id == photo_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(photo=photo_id)
    return found


def get_by_public_id(public_id: str, *, visible: ColumnElement[bool]) -> ReceiptPhoto:
    """A photograph if it is visible; raises NotFound."""
    found = db.session.scalar(select(ReceiptPhoto).where(ReceiptPhoto.public_id == public_id, visible))
    if found is None:
        raise NotFound(photo=public_id)
    return found


def find_open_of_claim(member_id: int, claim_id: int) -> ReceiptPhoto | None:
    """The photograph with which a claim is to be decided."""
    return db.session.scalar(
        select(ReceiptPhoto).where(
            ReceiptPhoto.member_id == member_id, ReceiptPhoto.claim_id == claim_id, ReceiptPhoto.state.in_(OPEN)
        )
    )


def list_proved(claim_ids: Sequence[int], member_ids: Sequence[int]) -> set[int]:
    """Those of the claims that are decided with a photograph."""
    open_ones = ReceiptPhoto.member_id.in_(member_ids) & ReceiptPhoto.state.in_(OPEN)
    found = db.session.scalars(select(ReceiptPhoto.claim_id).where(ReceiptPhoto.claim_id.in_(claim_ids), open_ones))
    return {claim_id for claim_id in found if claim_id is not None}


def list_of_member(member_ids: Sequence[int], *, asked: Asked) -> Page[tuple[ReceiptPhoto, Store | None]]:
    """A page of the member's photographs with the store that was read on each, the latest first."""
    return list_photos(ReceiptPhoto.member_id.in_(member_ids), asked=asked)


def list_photos(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[ReceiptPhoto, Store | None]]:
    """A page of photographs of all members, the latest first if not asked otherwise."""
    query: Select[tuple[ReceiptPhoto, Store | None]] = select(ReceiptPhoto, Store)
    query = query.join(Store, Store.id == ReceiptPhoto.store_id, isouter=True)
    return keyset.rows(query.where(*wanted), order, asked)


def find_next(
    visible: ColumnElement[bool], *, staff_id: int | None, after: ReceiptPhoto | None = None
) -> ReceiptPhoto | None:
    """The photograph that has waited longest for this person, behind one that they leave to later.

    What they have checked themselves waits for somebody else.
    """
    behind = (
        ()
        if after is None
        else (tuple_(*_QUEUE) > tuple_(literal(after.created_at), literal(after.member_id), literal(after.id)),)
    )
    query = select(ReceiptPhoto).where(visible, _for(staff_id), *behind)
    return db.session.scalar(query.order_by(*_QUEUE).limit(1))


def count_open(visible: ColumnElement[bool], *, staff_id: int | None) -> int:
    """How many wait for this person."""
    return db.session.scalar(select(func.count()).select_from(ReceiptPhoto).where(visible, _for(staff_id))) or 0


def _for(staff_id: int | None) -> ColumnElement[bool]:
    second = and_(ReceiptPhoto.state == State.CHECKED.value, ReceiptPhoto.checked_by_id != staff_id)
    return and_(ReceiptPhoto.state.in_(OPEN), or_(ReceiptPhoto.state == State.PENDING.value, second))


def get_image(photo: ReceiptPhoto) -> bytes:
    """The photograph itself; raises PhotoGone."""
    found = db.session.scalar(
        select(ReceiptPhotoImage.image).where(
            ReceiptPhotoImage.member_id == photo.member_id, ReceiptPhotoImage.photo_id == photo.id
        )
    )
    if found is None:
        raise PhotoGone
    return bytes(found)


def list_alike(photo: ReceiptPhoto, *, limit: int) -> Sequence[ReceiptPhoto]:
    """Photographs that people should look at beside one: it was found to be like them when it came, or they like it."""
    one = ReceiptPhotoPrint
    earlier = select(func.unnest(one.alike)).where(one.public_id == photo.public_id)
    later = select(one.public_id).where(text("alike <> '{}'"), one.alike.contains([photo.public_id]))  # as the index
    found = db.session.scalars(union(earlier, later)).all()
    query = select(ReceiptPhoto).where(ReceiptPhoto.public_id.in_(found))
    return db.session.scalars(query.order_by(ReceiptPhoto.created_at).limit(limit)).all()


def is_none_read(visible: ColumnElement[bool], *, latest: int) -> bool:
    """Whether there are photographs, and no program has read any of so many of the latest."""
    newest = select(ReceiptPhoto.read_at).where(visible).order_by(*ORDER.clauses()).limit(latest)
    found = db.session.scalars(newest).all()
    return bool(found) and not any(found)


def list_unread(*, since: datetime, limit: int) -> Sequence[ReceiptPhoto]:
    """Photographs sent since then that no program has read and nobody has decided on, the oldest first."""
    unread = (ReceiptPhoto.read_at.is_(None), ReceiptPhoto.state.in_(OPEN), ReceiptPhoto.created_at >= since)
    return db.session.scalars(select(ReceiptPhoto).where(*unread).order_by(ReceiptPhoto.created_at).limit(limit)).all()
