"""Which photographs one that comes may be the same as: found by their keys, told apart by laying one on the other.

Keys are looked up in an index, however many photographs there are, and of those that many share only the latest are
read. The few nearest are compared while they are kept. Of those that went early only signs are left, by which two
receipts of one template may look the same: they refuse the same file, and tell whoever reads of what looks like it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Integer, Row, func, select, true
from sqlalchemy.orm import aliased

from app.kernel.db import db
from app.kernel.fastpath import arrays
from app.purchases.photos import comparing, prints, strips
from app.purchases.photos.errors import PhotoKnown
from app.purchases.photos.greys import INNER
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoImage, ReceiptPhotoKey, ReceiptPhotoPrint
from app.purchases.photos.prints import Looks, View

# So many of the nearest are compared, each in so many ways: one takes a tenth of a second.
_MOST_COMPARED, _MOST_VIEWS = 5, 3
_MOST_OF_KEY = 12  # those that have a key, the latest
# Signs of parts that may differ where there is nothing left to compare.
_SURELY_NEAR = 36

# Of a print: public id, digest, signs of the inner part, strips.
Kept = tuple[str, str | None, str | None, list[int | None] | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photograph that may be the same, and where its inner part may lie in the one that came.

    `apart` ranks them: the share of signs that differ. `is_file`: it is the same file; `is_likely`: its signs alone
    say that somebody should look.
    """

    public_id: str
    views: Sequence[View]
    apart: float
    is_file: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a photograph has come before, and else those that people should look at beside it, the nearest first."""

    is_known: bool
    alike: list[str]

    def told(self) -> list[str]:
        """Those to look at; raises PhotoKnown."""
        if self.is_known:
            raise PhotoKnown
        return self.alike


def newest(mall_id: int) -> int:
    """The number of the mall's latest photograph; 0 when there is none."""
    return db.session.scalar(select(func.max(ReceiptPhotoPrint.number)).filter_by(mall_id=mall_id)) or 0


def look_up(mall_id: int, looks: Looks, *, since: int = 0) -> Found:
    """What the mall has that is the same as a photograph, or like it, of those numbered behind `since`."""
    rows = _list_sharing(mall_id, looks.sought, since)
    nearest = list(islice(sorted(candidates(looks, rows), key=lambda one: one.apart), _MOST_COMPARED))
    if any(one.is_file for one in nearest):
        return Found(True, [])
    kept, alike = _images_of([one.public_id for one in nearest]), []
    for one in nearest:
        image = kept.get(one.public_id)
        compared = None if image is None else comparing.compare(image, looks.image, one.views)
        if compared is not None and compared.is_same:
            return Found(True, [])
        if one.is_likely if compared is None else compared.is_like:
            alike.append(one.public_id)
    return Found(False, alike)


def _list_sharing(mall_id: int, keys: Sequence[int], since: int) -> Sequence[Row[Kept]]:
    """Those that share a key."""
    one = aliased(ReceiptPhotoKey)
    sought = arrays.given_rows("sought", {"key": Integer()}, [(key,) for key in keys])
    latest = (
        select(one.number)
        .where(one.mall_id == mall_id, one.key == sought.c.key, one.number > since)
        .order_by(one.mall_id.desc(), one.key.desc(), one.number.desc())
        .limit(_MOST_OF_KEY)
        .lateral("latest")
    )
    numbers = select(latest.c.number).select_from(sought.join(latest, true())).distinct().subquery()
    kept = ReceiptPhotoPrint
    own = (kept.mall_id == mall_id) & (kept.number == numbers.c.number)
    query = select(kept.public_id, kept.digest, kept.inner_print, kept.strips).select_from(kept).join(numbers, own)
    return db.session.execute(query).all()


def candidates(looks: Looks, rows: Sequence[Row[Kept] | ReceiptPhotoPrint]) -> Iterable[Candidate]:
    """Those of the prints that are near."""
    by_strips = strips.resemblance([row.strips or strips.NONE for row in rows], looks.turned)
    by_parts = prints.distances([row.inner_print or prints.NONE for row in rows], [view.print for view in looks.views])
    for row, is_like, shares, apart in zip(rows, by_strips.is_like, by_strips.differing, by_parts, strict=True):
        is_file = row.digest == looks.digest
        in_turn = [(float(shares[turns]), View(int(turns), INNER)) for turns in is_like.nonzero()[0]]
        least = int(apart.min())
        views = [looks.views[place] for place in apart.argsort()[:_MOST_VIEWS]] if least <= prints.NEAR else []
        if in_turn:
            share, view = min(in_turn, key=lambda one: one[0])
            yield Candidate(row.public_id, [view, *views[: _MOST_VIEWS - 1]], share, is_file, is_likely=True)
        elif views or is_file:
            yield Candidate(row.public_id, views, least / prints.SIGNS, is_file, is_likely=least <= _SURELY_NEAR)


def _images_of(public_ids: Sequence[str]) -> dict[str, bytes]:
    """Those of the photographs that are kept."""
    own = (ReceiptPhotoImage.member_id == ReceiptPhoto.member_id) & (ReceiptPhotoImage.photo_id == ReceiptPhoto.id)
    rows = db.session.execute(
        select(ReceiptPhoto.public_id, ReceiptPhotoImage.image)
        .join(ReceiptPhotoImage, own)
        .where(ReceiptPhoto.public_id.in_(public_ids))
    )
    return {public_id: bytes(image) for public_id, image in rows.tuples()}
