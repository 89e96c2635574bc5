"""What was fitted on which day, and what may be expected of each member."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class PredictionFit(Model):
    """The parameters in force for a day: `r` to `b` of how members buy (weeks), `p` to `gamma` of what they pay (fen).

    Unique by day, so whoever predicts a day second waits and finds it done. Where a fit found none, its obstacle says
    why and the parameters are those of the last day that had some; None when there never were any. `backtest`: what was
    expected of the last 90 days from what was known before them, beside what happened (`backtesting.Calibration`).
    """

    __tablename__ = "prediction_fits"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    members: Mapped[int]
    r: Mapped[float | None] = mapped_column(Double)
    alpha: Mapped[float | None] = mapped_column(Double)
    a: Mapped[float | None] = mapped_column(Double)
    b: Mapped[float | None] = mapped_column(Double)
    from_first: Mapped[bool | None] = mapped_column(server_default=false())  # while older code still runs
    buying_log_likelihood: Mapped[float | None] = mapped_column(Double)
    buying_obstacle: Mapped[str | None]
    p: Mapped[float | None] = mapped_column(Double)
    q: Mapped[float | None] = mapped_column(Double)
    gamma: Mapped[float | None] = mapped_column(Double)
    amounts_log_likelihood: Mapped[float | None] = mapped_column(Double)
    amounts_obstacle: Mapped[str | None]
    backtest: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    fitted_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("num_nonnulls(r, alpha, a, b) IN (0, 4)", name="buying"),
        CheckConstraint("num_nonnulls(p, q, gamma) IN (0, 3)", name="amounts"),
    )


class MemberPrediction(Model):
    """What may be expected of a member who has bought, in the 90 days after the last fit.

    `alive_bps`: the probability that they still come; `return_bps`: that they buy within the 90 days; both to the
    percent. `purchases_hundredths`: days with purchases to expect, in hundredths; `spend_fen`: what they may spend, to
    the yuan. `why` with the days of purchases behind it (their number, the first, the last) is the plain reason. Only
    rows that change are written: `as_of` is the day since which the row reads so.
    """

    __tablename__ = "member_predictions"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    alive_bps: Mapped[int]
    return_bps: Mapped[int]
    purchases_hundredths: Mapped[int]
    spend_fen: Mapped[int]
    why: Mapped[str]
    purchase_days: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    as_of: Mapped[date]

    __table_args__ = (
        CheckConstraint("return_bps BETWEEN 0 AND alive_bps AND alive_bps <= 10000", name="probabilities"),
        CheckConstraint("purchases_hundredths >= 0 AND spend_fen >= 0", name="expected"),
        CheckConstraint("purchase_days > 0 AND last_on >= first_on", name="facts"),
    )
