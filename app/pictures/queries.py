"""Which picture is shown where, and the picture itself."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, any_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.fastpath.prepared import Prepared
from app.pictures.errors import PictureNotFound
from app.pictures.models import Picture, PicturePlace, PictureSize
from app.pictures.rendering import WIDTHS


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes that a browser is sent."""

    media_type: str
    content: bytes


_width = bindparam("width", type_=BigInteger)
# A picture that is older than one of the widths is shown in the next wider one that it has, or in its widest.
_IMAGE = Prepared(
    select(Picture.media_type, PictureSize.image)
    .join(PictureSize, PictureSize.digest == Picture.digest)
    .where(Picture.digest == bindparam("digest", type_=Text))
    .order_by(PictureSize.width < _width, func.abs(PictureSize.width - _width))
    .limit(1)
)


def get_image(digest: str, width: int) -> Image:
    """The picture at one of the widths in which pictures are shown; raises PictureNotFound."""
    row = _IMAGE.first(digest=digest, width=width) if width in WIDTHS else None
    if row is None:
        raise PictureNotFound
    return Image(row.media_type, bytes(row.image))


_SHOWN = Prepared(
    select(PicturePlace.subject_id, PicturePlace.slot, PicturePlace.digest).where(
        PicturePlace.subject_kind == bindparam("kind", type_=Text),
        PicturePlace.subject_id == any_(bindparam("subject_ids", type_=ARRAY(BigInteger))),
    )
)


def list_shown(subject_kind: str, subject_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What each of them shows: digests by slot, by id."""
    shown: dict[int, dict[str, str]] = {subject_id: {} for subject_id in subject_ids}
    for row in _SHOWN.all(kind=subject_kind, subject_ids=list(subject_ids)) if subject_ids else ():
        shown[row.subject_id][row.slot] = row.digest
    return shown


def shown_by(subject_kind: str, subject_id: int) -> defaultdict[str, str | None]:
    """What one of them shows: digests by slot, None where nothing is shown."""
    return defaultdict(lambda: None, list_shown(subject_kind, [subject_id])[subject_id])


def shows(
    subject_kind: str, subject_id: ColumnElement[int] | InstrumentedAttribute[int], slot: str
) -> ColumnElement[bool]:
    """A condition on the places of another statement: the one in which a row of it shows its picture."""
    return and_(
        PicturePlace.subject_kind == subject_kind, PicturePlace.subject_id == subject_id, PicturePlace.slot == slot
    )


# What a mall shows, as an object of digests by slot, within another statement by its parameter `mall_id`.
SHOWN_BY_MALL = (
    select(func.json_object_agg(PicturePlace.slot, PicturePlace.digest))
    .where(PicturePlace.subject_kind == "mall", PicturePlace.subject_id == bindparam("mall_id", type_=BigInteger))
    .scalar_subquery()
)
