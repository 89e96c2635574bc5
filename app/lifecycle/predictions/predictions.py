"""Predicting a day: fit, forecast by group, and write what changed of each member."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Double,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.selectable import TableValuedAlias

from app.kernel.db import db, table_of
from app.lifecycle.predictions import engine, facts_sql, queries, rules
from app.lifecycle.predictions.errors import PredictedLater
from app.lifecycle.predictions.facts_sql import BOUGHT
from app.lifecycle.predictions.models import MemberPrediction, PredictionFit
from app.lifecycle.predictions.rules import OWN_AVERAGE, Amounts, Buying, Fitted, Forecast, Group

_ROWS = table_of(MemberPrediction)
_YUAN = 100
_READ = (
    "alive_bps",
    "return_bps",
    "purchases_hundredths",
    "spend_fen",
    "why",
    "purchase_days",
    "first_on",
    "last_on",
)


@dataclass(frozen=True, slots=True)
class Predicted:
    """The day's fit, and how many members' rows were written and taken away."""

    fit: PredictionFit
    written: int
    removed: int


def predict(as_of: date, *, now: datetime) -> Predicted:
    """Fit the day anew and write what changed of each member.

    Without new parameters the last good ones stay in force; raises PredictedLater.
    """
    latest = queries.find_fit()
    if latest is not None and latest.day > as_of:
        raise PredictedLater(day=latest.day)
    statistics = engine.load()
    _take_day(as_of, now=now)
    facts_sql.collect(as_of)
    groups = facts_sql.list_groups(as_of)
    buying, amounts = statistics.fit_buying(groups), statistics.fit_amounts(facts_sql.list_spendings())
    fit = _note_fit(as_of, sum(group.members for group in groups), buying, amounts, now=now)
    removed = _remove_others()
    by = queries.buying_of(fit)
    if by is None:
        return Predicted(fit, 0, removed)
    forecasts = statistics.forecast(groups, by, days=rules.HORIZON_DAYS)
    return Predicted(fit, _write(groups, forecasts, queries.amounts_of(fit) or OWN_AVERAGE, as_of=as_of), removed)


def _take_day(as_of: date, *, now: datetime) -> None:
    """Only one works at a day: whoever comes second waits here."""
    db.session.execute(
        insert(PredictionFit)
        .values(day=as_of, members=0, fitted_at=now)
        .on_conflict_do_update(index_elements=["day"], set_={"fitted_at": now})
    )


def _note_fit(
    day: date, members: int, buying: Fitted[Buying], amounts: Fitted[Amounts], *, now: datetime
) -> PredictionFit:
    last = queries.find_fit(before=day)
    by = buying.parameters or (queries.buying_of(last) if last else None)
    of = amounts.parameters or (queries.amounts_of(last) if last else None)
    fit = db.session.get_one(PredictionFit, day, populate_existing=True)
    fit.members, fit.fitted_at = members, now
    for name in Buying.__slots__:
        setattr(fit, name, getattr(by, name, None))
    for name in Amounts.__slots__:
        setattr(fit, name, getattr(of, name, None))
    fit.buying_log_likelihood, fit.buying_obstacle = buying.log_likelihood, buying.obstacle
    fit.amounts_log_likelihood, fit.amounts_obstacle = amounts.log_likelihood, amounts.obstacle
    db.session.flush()
    return fit


def _write(groups: Sequence[Group], forecasts: Sequence[Forecast], amounts: Amounts, *, as_of: date) -> int:
    """Everybody's row, by the forecast of their group; only those that read otherwise than before are written."""
    made, one = _forecasts(groups, forecasts), BOUGHT.c
    joined = BOUGHT.join(
        made,
        and_(
            made.c.repeats == facts_sql.repeats(),
            made.c.last_day == facts_sql.last_day(),
            made.c.days == facts_sql.days_seen(as_of),
        ),
    )
    rows = select(
        one.member_id,
        made.c.alive_bps,
        made.c.return_bps,
        cast(func.round(made.c.purchases * 100), BigInteger),
        cast(func.round(made.c.purchases * expected_fen(amounts) / _YUAN), BigInteger) * _YUAN,
        made.c.why,
        one.purchase_days,
        one.first_on,
        one.last_on,
        literal(as_of, Date),
    ).select_from(joined)
    written = insert(_ROWS).from_select(["member_id", *_READ, "as_of"], rows)
    new = {name: written.excluded[name] for name in (*_READ, "as_of")}
    changed = tuple_(*(_ROWS.c[name] for name in _READ)).is_distinct_from(tuple_(*(new[name] for name in _READ)))
    statement = written.on_conflict_do_update(index_elements=["member_id"], set_=new, where=changed)
    done = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)  # type: ignore[attr-defined]


def expected_fen(amounts: Amounts) -> ColumnElement[float]:
    """What a person in `BOUGHT` may be expected to pay on a day they buy: their average, drawn towards all others'."""
    values, one = asdict(amounts), BOUGHT.c
    p, q, gamma = (literal(values[name], Double) for name in ("p", "q", "gamma"))
    certainty = func.nullif(p * one.paying_days + q - 1, 0)
    return func.coalesce(p * (gamma + cast(one.spend_fen, Double)) / certainty, 0)


def _forecasts(groups: Sequence[Group], forecasts: Sequence[Forecast]) -> TableValuedAlias:
    """The forecasts as rows of a statement, each with what its group is known by."""
    columns: dict[str, tuple[Any, list[Any]]] = {
        "repeats": (BigInteger(), [group.repeats for group in groups]),
        "last_day": (BigInteger(), [group.last_day for group in groups]),
        "days": (BigInteger(), [group.days for group in groups]),
        "alive_bps": (BigInteger(), [rules.percent_bps(one.alive) for one in forecasts]),
        "return_bps": (BigInteger(), [rules.percent_bps(one.returning) for one in forecasts]),
        "purchases": (Double(), [one.purchases for one in forecasts]),
        "why": (Text(), [rules.explain(*group[:3]).value for group in groups]),
    }
    values = (bindparam(f"all_{name}", given, type_=ARRAY(kind)) for name, (kind, given) in columns.items())
    named = (column(name, kind) for name, (kind, _) in columns.items())
    return func.unnest(*values).table_valued(*named, name="forecasts").render_derived()


def _remove_others() -> int:
    """Who has no facts any more, having left, merged, got all back or switched profiling off, has no row either."""
    gone = _ROWS.c.member_id.not_in(select(BOUGHT.c.member_id))
    return int(db.session.execute(delete(_ROWS).where(gone)).rowcount)  # type: ignore[attr-defined]


def forget(member_ids: Sequence[int]) -> None:
    """Take away what was predicted of the members, who leave or switched profiling off."""
    db.session.execute(delete(MemberPrediction).where(MemberPrediction.member_id.in_(member_ids)))
