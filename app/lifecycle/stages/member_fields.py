"""What members can be asked for: their stage since when, how active they are, and their scores.

None of it is plain: it concludes from what somebody does where they stand.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Date, Integer, case, cast, literal, null, select

from app.identity.asking.fields import Asking, Field, Kind, Unit, by_code, fixed
from app.kernel.db import db, table_of
from app.lifecycle.stages.models import Activity, LifecycleCut, MemberStage, Stage

_STANDINGS = table_of(MemberStage)
_BEST = 5


def _recency(asking: Asking) -> ColumnElement[int]:
    """The fewer days since the last purchase, the higher."""
    cut, row = _latest_cut(), asking.row(_STANDINGS)
    if cut is None or cut.recency is None:
        return cast(null(), Integer)
    age = literal(cut.day, Date) - row.last_purchase_on
    return _of_buyers(asking, _BEST + 1 - _score(cast(age, Integer), cut.recency))


def _by(name: str, cuts: Callable[[LifecycleCut], Sequence[float] | None]) -> Callable[[Asking], ColumnElement[int]]:
    """The more of it, the higher."""

    def score(asking: Asking) -> ColumnElement[int]:
        cut, value = _latest_cut(), asking.row(_STANDINGS)[name]
        points = cuts(cut) if cut else None
        return cast(null(), Integer) if points is None else _of_buyers(asking, _score(value, points))

    return score


def _of_buyers(asking: Asking, score: ColumnElement[int]) -> ColumnElement[int]:
    """Who never bought has no score."""
    return case((asking.row(_STANDINGS).purchases > 0, score))


def _score(value: ColumnElement[int], points: Sequence[float]) -> ColumnElement[int]:
    """1, and one more for each cut point strictly below the value."""
    return sum((case((value > point, 1), else_=0) for point in points), start=cast(1, Integer))


def _latest_cut() -> LifecycleCut | None:
    return db.session.scalar(select(LifecycleCut).order_by(LifecycleCut.day.desc()).limit(1))


def _scored(code: str, value: Callable[[Asking], ColumnElement[int]]) -> Field:
    return Field(
        code=code,
        kind=Kind.NUMBER,
        unit=Unit.SCORE,
        most=_BEST,
        subject="lifecycle",
        value=value,
        starts_at_0=False,
    )


FIELDS = by_code(
    Field(
        code="stage",
        kind=Kind.CHOICE,
        subject="lifecycle",
        value=lambda asking: asking.row(_STANDINGS).stage,
        codes=fixed(*(stage.value for stage in Stage if stage is not Stage.VISITOR)),
    ),
    Field(
        code="stage_since",
        kind=Kind.DAY,
        subject="lifecycle",
        value=lambda asking: asking.row(_STANDINGS).since,
    ),
    Field(
        code="activity",
        kind=Kind.CHOICE,
        subject="lifecycle",
        value=lambda asking: asking.row(_STANDINGS).activity,
        codes=fixed(*(activity.value for activity in Activity)),
    ),
    _scored("recency_score", _recency),
    _scored("frequency_score", _by("purchases", lambda cut: cut.frequency)),
    _scored("monetary_score", _by("monetary_fen", lambda cut: cut.monetary)),
)
