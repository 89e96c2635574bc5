"""The life of a photographed receipt: sent, read by a program, read by one person or two, decided once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update

from app.access.audit import Actor
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes
from app.malls.models import Store
from app.purchases.claims import seconds
from app.purchases.claims.models import ReceiptClaim
from app.purchases.photos import alike, keeping
from app.purchases.photos.errors import PhotoDecided, PhotosOff, PhotosUsedUp, PhotoWithdrawn
from app.purchases.photos.models import OPEN, ReceiptPhoto, ReceiptPhotoImage, ReceiptPhotoPrint, State
from app.purchases.photos.prints import Looks
from app.purchases.settings.settings import Settings

# Of the lock's two numbers the first says what is locked; the second is the mall's.
_PRINTS = 7_203_116
_WAIT = text("SELECT pg_advisory_xact_lock(:what, CAST(:mall AS int))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody reads on a receipt. `amount_fen` > 0; `printed_at` is None where no time is printed."""

    store: Store
    receipt_no: str
    amount_fen: int
    business_day: date
    printed_at: datetime | None = None

    @property
    def store_id(self) -> int:
        return self.store.id

    def columns(self) -> dict[str, Any]:
        """As the photograph's row keeps it."""
        return {
            "store_id": self.store.id,
            "receipt_no": self.receipt_no,
            "amount_fen": self.amount_fen,
            "business_day": self.business_day,
            "printed_at": self.printed_at,
        }


def ensure_left(member_ids: Sequence[int], settings: Settings, *, now: datetime) -> None:
    """Raises PhotosOff, and PhotosUsedUp when the locked member has sent all the photographs of today."""
    if not settings.takes_photos:
        raise PhotosOff
    if count_today(member_ids, now=now) >= settings.photos_per_day:
        raise PhotosUsedUp(most=settings.photos_per_day)


def count_today(member_ids: Sequence[int], *, now: datetime) -> int:
    """How many photographs the member has sent today, those taken back counted."""
    since = clock.start_of_day(clock.business_date(now))
    theirs = ReceiptPhoto.member_id.in_(member_ids) & (ReceiptPhoto.created_at >= since)
    return db.session.scalar(select(func.count()).where(theirs)) or 0


def ensure_unknown(mall_id: int, looks: Looks) -> list[str]:
    """Public ids of what people should look at beside it; others that bring one wait until the transaction ends.

    Nobody waits while all are looked through; in turn only what has come meanwhile is.

    Raises PhotoKnown when the mall has this photograph, turned and cut by a twentieth or not.
    """
    last = alike.newest(mall_id)
    found = alike.look_up(mall_id, looks).told()
    take_turn(mall_id)
    if alike.newest(mall_id) == last:
        return found
    return [*alike.look_up(mall_id, looks, since=last).told(), *found]


def take_turn(mall_id: int) -> None:
    """Be the only one that brings the mall a photograph, until the transaction ends."""
    db.session.execute(_WAIT, {"what": _PRINTS, "mall": mall_id})


def keep(
    member_id: int, mall_id: int, looks: Looks, *, beside: Sequence[str], claim: ReceiptClaim | None, now: datetime
) -> ReceiptPhoto:
    """A locked member's photograph, pending; `beside` are those that `ensure_unknown` found."""
    photo = ReceiptPhoto(
        member_id=member_id,
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        claim_id=None if claim is None else claim.id,
        state=State.PENDING.value,
        created_at=now,
    )
    db.session.add(photo)
    db.session.flush()
    db.session.add(ReceiptPhotoImage(member_id=member_id, photo_id=photo.id, image=looks.image))
    keeping.keep_print(_print_of(photo, looks, beside))
    return photo


def _print_of(photo: ReceiptPhoto, looks: Looks, beside: Sequence[str]) -> ReceiptPhotoPrint:
    return ReceiptPhotoPrint(
        public_id=photo.public_id,
        mall_id=photo.mall_id,
        sent_at=photo.created_at,
        digest=looks.digest,
        inner_print=looks.inner,
        strips=list(looks.strips),
        alike=list(beside),
    )


def note_reading(member_id: int, photo_id: int, proposal: Mapping[str, Any] | None, *, now: datetime) -> None:
    """Keep what a program read on a photograph, None for nothing; it is not read again."""
    db.session.execute(
        update(ReceiptPhoto)
        .where(ReceiptPhoto.member_id == member_id, ReceiptPhoto.id == photo_id)
        .values(read_at=now, proposal=proposal)
    )


def check(photo: ReceiptPhoto, seen: Seen, by: Actor, *, now: datetime) -> None:
    """The first of two people has read it; raises PhotoDecided and PhotoWithdrawn."""
    _move(photo, State.CHECKED, **seen.columns(), **seconds.first_of(by, now=now))


def approve(photo: ReceiptPhoto, seen: Seen, fact: str, by: Actor, *, now: datetime) -> None:
    """It is the member's purchase now, which ledgers know as `fact`; raises PhotoDecided and PhotoWithdrawn.

    Who changes what they had checked themselves, to a sum that needs one person, is that one.
    """
    decided = {"decided_at": now, "decided_by_id": by.id, "decided_by": by.name, "fact": fact}
    _move(photo, State.APPROVED, **seen.columns(), **seconds.unless_alone(photo, by.id), **decided)


def reject(photo: ReceiptPhoto, reason: str, by: Actor, *, now: datetime, note: str | None = None) -> None:
    """It is none, for a reason that the member reads; raises PhotoDecided and PhotoWithdrawn."""
    decided = {"decided_at": now, "decided_by_id": by.id, "decided_by": by.name}
    _move(photo, State.REJECTED, reason=reason, note=note, **decided)


def withdraw(photo: ReceiptPhoto, *, now: datetime) -> None:
    """Its member takes it back before it was decided on; raises PhotoDecided and PhotoWithdrawn."""
    _move(photo, State.WITHDRAWN, decided_at=now)


def _move(photo: ReceiptPhoto, state: State, **told: Any) -> None:
    moved = db.session.execute(
        update(ReceiptPhoto)
        .where(
            ReceiptPhoto.member_id == photo.member_id,
            ReceiptPhoto.id == photo.id,
            ReceiptPhoto.state.in_(OPEN),
        )
        .values(state=state.value, **told)
        .returning(ReceiptPhoto.id)
    ).first()
    db.session.refresh(photo)
    if moved is None:
        ensure_open(photo)


def ensure_open(photo: ReceiptPhoto) -> None:
    """Raises PhotoWithdrawn and PhotoDecided."""
    if photo.state == State.WITHDRAWN.value:
        raise PhotoWithdrawn
    if photo.state not in OPEN:
        raise PhotoDecided(by=photo.decided_by)


def drop_image(photo: ReceiptPhoto, *, now: datetime) -> None:
    """Let the photograph go; what was decided stays, and its print with it. Nothing when it has gone."""
    whose = (ReceiptPhotoImage.member_id == photo.member_id) & (ReceiptPhotoImage.photo_id == photo.id)
    db.session.execute(delete(ReceiptPhotoImage).where(whose))
    if photo.state == State.WITHDRAWN.value:
        keeping.drop_prints(ReceiptPhotoPrint.public_id == photo.public_id)
    photo.image_gone_at = photo.image_gone_at or now
    db.session.flush()


def forget(member_ids: Sequence[int]) -> None:
    """Of those who leave: their photographs go; what became of them stays with the purchases.

    Prints of what was decided stay as nobody's, so that nobody brings the same again.
    """
    theirs = ReceiptPhoto.member_id.in_(member_ids)
    for public_id, state in db.session.execute(select(ReceiptPhoto.public_id, ReceiptPhoto.state).where(theirs)):
        own = ReceiptPhotoPrint.public_id == public_id
        if state in OPEN:
            keeping.drop_prints(own)
        else:
            db.session.execute(update(ReceiptPhotoPrint).where(own).values(public_id=codes.new_public_id()))
    db.session.execute(delete(ReceiptPhotoImage).where(ReceiptPhotoImage.member_id.in_(member_ids)))
    db.session.execute(delete(ReceiptPhoto).where(theirs))
