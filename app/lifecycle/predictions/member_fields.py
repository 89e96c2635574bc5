"""What members can be asked for: what may be expected of them."""

from app.identity.asking.fields import Field, Kind, Unit, by_code, fixed
from app.kernel.db import table_of
from app.lifecycle.predictions.models import MemberPrediction
from app.lifecycle.predictions.rules import Why

_PREDICTIONS = table_of(MemberPrediction)
_ALL_BPS = 10_000

FIELDS = by_code(
    Field(
        code="predicted_return",
        kind=Kind.NUMBER,
        unit=Unit.BPS,
        most=_ALL_BPS,
        subject="predictions",
        value=lambda asking: asking.row(_PREDICTIONS).return_bps,
        starts_at_0=False,
    ),
    Field(
        code="predicted_spend",
        kind=Kind.NUMBER,
        unit=Unit.FEN,
        subject="predictions",
        value=lambda asking: asking.row(_PREDICTIONS).spend_fen,
        starts_at_0=False,
    ),
    Field(
        code="predicted_why",
        kind=Kind.CHOICE,
        subject="predictions",
        value=lambda asking: asking.row(_PREDICTIONS).why,
        codes=fixed(*(why.value for why in Why)),
    ),
)
