"""Which photographs one that comes may be the same as: found by their signs, told apart by laying one on the other.

Signs are looked up in indexes, however many photographs there are. The few nearest are compared while they are kept. Of
those that went early only the signs are left: enough to refuse a whole photograph, turned or not, and to tell whoever
reads of one that was cut.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import Integer, Subquery, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.kernel.db import db
from app.kernel.fastpath import arrays
from app.purchases.photos import comparing, prints
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoImage, ReceiptPhotoPrint
from app.purchases.photos.prints import INNER, Looks, View

# So many of the nearest are compared, each in so many ways: one takes a tenth of a second.
_MOST_COMPARED, _MOST_VIEWS = 5, 3
# Signs of parts that may differ where there is nothing left to compare.
_SURELY_NEAR = 36


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photograph that may be the same, and where its inner part may lie in the one that came; `apart` ranks them.

    `is_certain`: its signs alone say that it is the same; `is_likely`: that somebody should look.
    """

    public_id: str
    view: View
    apart: int
    is_certain: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a photograph has come before, and else those that people should look at beside it."""

    is_known: bool
    alike: list[str]


def look_up(mall_id: int, looks: Looks) -> Found:
    """What the mall has that is the same as a photograph, or like it."""
    found = _nearest(chain(_list_whole(mall_id, looks), _list_cut(mall_id, looks)))
    kept, alike = _images_of(list(found)), []
    for public_id, candidates in found.items():
        image, one = kept.get(public_id), candidates[0]
        views = [candidate.view for candidate in candidates[:_MOST_VIEWS]]
        compared = None if image is None else comparing.compare(image, looks.image, views)
        if one.is_certain if compared is None else compared.is_same:
            return Found(True, [])
        if one.is_likely if compared is None else compared.is_like:
            alike.append(public_id)
    return Found(False, alike)


def _nearest(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """The photographs that are nearest, in that order, each with its views in theirs."""
    found: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda one: one.apart):
        found.setdefault(one.public_id, []).append(one)
    return dict(islice(found.items(), _MOST_COMPARED))


def _list_whole(mall_id: int, looks: Looks) -> Iterable[Candidate]:
    """Those that look alike as a whole, in whatever turn."""
    bands = [band for view in looks.turned for band in prints.bands_of(view.print)]
    one = ReceiptPhotoPrint
    rows = db.session.execute(
        select(one.public_id, one.print).where(one.mall_id == mall_id, one.bands.overlap(bands))
    ).tuples()
    for public_id, print_ in rows:
        apart, turns = min((prints.distance(print_, view.print), view.turns) for view in looks.turned)
        if apart <= prints.ALIKE:
            view = View(turns, INNER, print_)
            yield Candidate(public_id, view, apart, is_certain=apart <= prints.SAME, is_likely=True)


def _list_cut(mall_id: int, looks: Looks) -> Iterable[Candidate]:
    """Those of which this one shows a part, or that show a part of this one."""
    part, one = _parts(looks), ReceiptPhotoPrint
    rows = db.session.execute(
        select(part.c.place, one.public_id, one.inner_print).join_from(
            part, one, one.keys.overlap(part.c.its_keys) & (one.mall_id == mall_id)
        )
    ).tuples()
    for place, public_id, inner in rows:
        view = looks.parts[place]
        apart = prints.distance(inner, view.print)
        if apart <= prints.NEAR:
            is_likely = apart <= _SURELY_NEAR
            yield Candidate(public_id, view, apart, is_certain=False, is_likely=is_likely)


def _parts(looks: Looks) -> Subquery:
    """The keys of each part by its place: looked up part by part, an index need not weigh thousands of keys at once."""
    rows = [(place, key) for place, view in enumerate(looks.parts) for key in prints.keys_of(view.print)]
    given = arrays.given_rows("part", {"place": Integer(), "key": Integer()}, rows)
    return (
        select(given.c.place, func.array_agg(given.c.key, type_=ARRAY(Integer)).label("its_keys"))
        .group_by(given.c.place)
        .subquery("parts")
    )


def _images_of(public_ids: Sequence[str]) -> dict[str, bytes]:
    """Those of the photographs that are kept."""
    own = (ReceiptPhotoImage.member_id == ReceiptPhoto.member_id) & (ReceiptPhotoImage.photo_id == ReceiptPhoto.id)
    rows = db.session.execute(
        select(ReceiptPhoto.public_id, ReceiptPhotoImage.image)
        .join(ReceiptPhotoImage, own)
        .where(ReceiptPhoto.public_id.in_(public_ids))
    )
    return {public_id: bytes(image) for public_id, image in rows.tuples()}
