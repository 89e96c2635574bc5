"""The statistics, loaded when the night's worker needs them and by nobody else."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from app.lifecycle.predictions.rules import Amounts, Buying, Fitted, Forecast, Group, Spending


class Statistics(Protocol):
    """What `statistics.forecasting` does."""

    def fit_buying(self, groups: Sequence[Group]) -> Fitted[Buying]: ...

    def fit_amounts(self, spendings: Sequence[Spending]) -> Fitted[Amounts]: ...

    def forecast(self, groups: Sequence[Group], by: Buying, *, days: int) -> list[Forecast]: ...


def load() -> Statistics:
    """NumPy and SciPy cost every process that imports them 70 MB; web workers must not."""
    return cast(Statistics, import_module("app.lifecycle.predictions.statistics.forecasting"))
