"""What members can be asked for: the tags that follow from what they did. None of it is plain."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Text, cast, func, select, true

from app.identity.asking.fields import Asking, Codes, Field, Kind, Rows, by_code, fixed
from app.kernel.db import db, table_of
from app.lifecycle.tags.computed.models import MemberTag
from app.lifecycle.tags.computed.rules import (
    CHILDREN,
    DRIVES,
    FREQUENT,
    SHARES,
    Browsing,
    Hours,
    Price,
    Stay,
    TagKind,
    Week,
    tag_code,
)
from app.malls.models import Mall, Merchant, Store

_TAGS = table_of(MemberTag)
_BORNE = Rows(name="tags", table=_TAGS, member_id=_TAGS.c.member_id)

# Tags whose values are the same everywhere.
HABITS = tuple(
    tag_code(kind.value, value)
    for kind, values in (
        (TagKind.PRICE, tuple(Price)),
        (TagKind.FREQUENCY, (FREQUENT,)),
        (TagKind.WEEK, tuple(Week)),
        (TagKind.HOURS, tuple(Hours)),
        (TagKind.PARKING, (DRIVES,)),
        (TagKind.STAY, tuple(Stay)),
        (TagKind.FAMILY, (CHILDREN,)),
        (TagKind.BROWSING, tuple(Browsing)),
        (TagKind.SHARING, (SHARES,)),
    )
    for value in values
)


def _category_codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (Store.mall_id == mall_id,)
    found = db.session.scalars(select(Store.category_code).distinct().where(*own).order_by(Store.category_code))
    return dict.fromkeys(found, "")


def brand_codes(mall_id: int | None) -> Mapping[str, str]:
    """Merchants with stores in the mall by id, or all."""
    own = () if mall_id is None else (Store.mall_id == mall_id,)
    rows = select(cast(Merchant.id, Text), Merchant.name).join(Store, Store.merchant_id == Merchant.id).where(*own)
    return dict(db.session.execute(rows.distinct().order_by(Merchant.name)).tuples().all())


def zone_codes(mall_id: int | None) -> Mapping[str, str]:
    """Floors of the mall, or of all malls by their names, as tags have them."""
    own = () if mall_id is None else (Store.mall_id == mall_id,)
    full = Store.floor if mall_id is not None else func.concat(Mall.name, " ", Store.floor)
    code, name = func.concat(Store.mall_id, ":", Store.floor), full.label("name")
    rows = select(code, name).join(Mall, Mall.id == Store.mall_id).where(*own).distinct().order_by(name)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _of_kind(kind: TagKind) -> Callable[[Asking], ColumnElement[bool]]:
    def value(asking: Asking) -> ColumnElement[bool]:
        return asking.over(_BORNE, func.bool_or(true()), _TAGS.c.kind == kind.value, _TAGS.c.value.in_(asking.codes))

    return value


def _habits(asking: Asking) -> ColumnElement[bool]:
    return asking.over(_BORNE, func.bool_or(true()), func.concat(_TAGS.c.kind, ":", _TAGS.c.value).in_(asking.codes))


def _field(code: str, value: Callable[[Asking], ColumnElement[bool]], codes: Codes) -> Field:
    return Field(code=code, kind=Kind.SET, subject="tags", value=value, codes=codes)


FIELDS = by_code(
    _field("tag_categories", _of_kind(TagKind.CATEGORY), _category_codes),
    _field("tag_brands", _of_kind(TagKind.BRAND), brand_codes),
    _field("tag_zones", _of_kind(TagKind.ZONE), zone_codes),
    _field("tag_habits", _habits, fixed(*HABITS)),
)
