"""What members can be asked for: how many friends they brought."""

from sqlalchemy import func

from app.identity.asking.fields import Field, Kind, Rows, Unit, by_code
from app.invitations.models import Invitation, Status
from app.kernel.db import table_of

_INVITATIONS = table_of(Invitation)
_one = _INVITATIONS.c
_FRIENDS = Rows(name="friends", table=_INVITATIONS, member_id=_one.inviter_id, at=_one.joined_at)
_CAME = Rows(name="friends_came", table=_INVITATIONS, member_id=_one.inviter_id, at=_one.acted_at)

FIELDS = by_code(
    Field(
        code="friends_joined",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="invitations",
        value=lambda asking: asking.over(_FRIENDS, func.count()),
        has_window=True,
    ),
    Field(
        code="friends_came",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="invitations",
        value=lambda asking: asking.over(_CAME, func.count(), _one.status == Status.PAID.value),
        has_window=True,
    ),
    Field(
        code="last_friend",
        kind=Kind.DAY,
        subject="invitations",
        value=lambda asking: asking.over(_FRIENDS, func.max(_one.joined_at)),
    ),
)
