"""What members can be asked for: what staff of a mall called them."""

from collections.abc import Mapping

from sqlalchemy import Text, cast, func, select, true

from app.identity.asking.fields import Field, Kind, Rows, by_code
from app.kernel.db import db, table_of
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag

_GIVEN = table_of(MemberManualTag)
_WORDS = Rows(name="manual_tags", table=_GIVEN, member_id=_GIVEN.c.member_id, at=_GIVEN.c.given_at)


def _codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (ManualTag.mall_id == mall_id,)
    rows = select(cast(ManualTag.id, Text), ManualTag.name).where(*own).order_by(ManualTag.name, ManualTag.id)
    return dict(db.session.execute(rows).tuples().all())


FIELDS = by_code(
    Field(
        code="manual_tags",
        kind=Kind.SET,
        subject="tags",
        value=lambda asking: asking.over(
            _WORDS, func.bool_or(true()), _GIVEN.c.tag_id.in_([int(code) for code in asking.codes])
        ),
        codes=_codes,
    ),
)
