"""Personal codes: made once for a member and mall, and where somebody comes who opens one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.entrances import entrances
from app.entrances.entrances import Found
from app.invitations import entrance
from app.invitations.models import InvitationCode, InvitationPicture
from app.kernel.db import db
from app.kernel.security import codes, crypto
from app.malls.models import Mall

_LENGTH = 8
# What tells the scene of a personal code from that of a wall, without asking the database.
_MARK = "iv-"
_DEVICE = "invitation.device"


@dataclass(frozen=True, slots=True)
class Scanned:
    """Where a scanned code leads, and the personal code that it was, if it was one."""

    found: Found
    code: InvitationCode | None = None


def scene_of(code: InvitationCode) -> str:
    """What the code's link and picture carry."""
    return _MARK + code.code


def device_digest(device: str | None) -> str | None:
    """What is kept of a device's own random name: whether two are the same."""
    return crypto.memory_digest(device, purpose=_DEVICE) if device else None


def ensure_code(member_id: int, mall: Mall, *, device: str | None, now: datetime) -> InvitationCode:
    """The code of a held member in a mall, made when it is asked for first; so is the entrance that it counts for."""
    entrance.ensure(mall, now=now)
    known = find_code(member_id, mall.id)
    if known is not None:
        known.device = known.device or device_digest(device)
        db.session.flush()
        return known
    code = InvitationCode(
        code=codes.new_code(_LENGTH),
        member_id=member_id,
        mall_id=mall.id,
        device=device_digest(device),
        made_at=now,
    )
    db.session.add(code)
    db.session.flush()
    return code


def find_code(member_id: int, mall_id: int) -> InvitationCode | None:
    """The member's code of a mall, if it was made."""
    return db.session.scalar(
        select(InvitationCode).where(InvitationCode.member_id == member_id, InvitationCode.mall_id == mall_id)
    )


def keep_picture(code: str, image: bytes, *, now: datetime) -> None:
    """Keep the platform's picture of the code; the first one stays, and one of a code that is gone is nobody's."""
    row = insert(InvitationPicture).values(code=code, image=image, fetched_at=now)
    if db.session.get(InvitationCode, code) is not None:
        db.session.execute(row.on_conflict_do_nothing())


def find_picture(code: str) -> bytes | None:
    """The platform's picture of the code, if it was fetched."""
    return db.session.scalar(select(InvitationPicture.image).where(InvitationPicture.code == code))


def find_device(member_id: int, mall_id: int) -> str | None:
    """The digest of the device on which the member opened their code, where it was told."""
    code = find_code(member_id, mall_id)
    return None if code is None else code.device


def find_scanned(scene: str) -> Scanned | None:
    """As `entrances.find_scanned`; a personal code leads through its mall's entrance of invitations."""
    code = _find_by_scene(scene)
    counted = None if code is None else entrance.find(code.mall_id)
    found = entrances.find_scanned(scene if counted is None else counted.scene)
    return None if found is None else Scanned(found, None if counted is None else code)


def get_scanned(scene: str) -> Scanned:
    """As `find_scanned`; raises EntranceNotFound."""
    return find_scanned(scene) or Scanned(entrances.get_scanned(scene))


def _find_by_scene(scene: str) -> InvitationCode | None:
    return db.session.get(InvitationCode, scene.removeprefix(_MARK)) if scene.startswith(_MARK) else None
