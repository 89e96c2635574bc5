"""What members can be asked for: why they stay away."""

from sqlalchemy import func

from app.identity.asking.fields import Field, Kind, by_code, fixed
from app.kernel.db import table_of
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Cause

_CAUSES = table_of(SleepCause)

FIELDS = by_code(
    Field(
        code="sleep_cause",
        kind=Kind.CHOICE,
        subject="sleep",
        value=lambda asking: func.coalesce(asking.row(_CAUSES).corrected_cause, asking.row(_CAUSES).cause),
        codes=fixed(*(cause.value for cause in Cause)),
    ),
)
