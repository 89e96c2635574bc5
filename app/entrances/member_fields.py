"""What members can be asked for: the entrance through which they joined."""

from collections.abc import Mapping

from sqlalchemy import Text, cast, select

from app.entrances.models import Entrance
from app.identity.asking.fields import Field, Kind, by_code
from app.identity.models import Member
from app.kernel.db import db, table_of

_MEMBERS = table_of(Member)


def _entrance_codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (Entrance.mall_id == mall_id,)
    found = select(cast(Entrance.id, Text), Entrance.name).where(*own).order_by(Entrance.id)
    return dict(db.session.execute(found).tuples().all())


FIELDS = by_code(
    Field(
        code="entrance",
        kind=Kind.CHOICE,
        subject="membership",
        value=lambda asking: asking.row(_MEMBERS, "id").join_entrance_id,
        codes=_entrance_codes,
        is_plain=True,
    ),
)
