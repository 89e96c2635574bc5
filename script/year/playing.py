"""The year day by day: what happened is imported on its day, and the night after it works the day out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from app.flows import opening
from app.flows.history import members, receipts, stores
from app.flows.history.files import parsing
from app.flows.history.files.reading import Table
from app.flows.history.files.rows import purchase_rows
from app.flows.history.receipts import Incoming
from app.flows.history.stores import Terms
from app.flows.purchases import Effects
from app.kernel import clock
from app.kernel.db import atomic
from app.lifecycle.stages import nights
from app.workers.imports.loading import persist
from cli.complete_journey import coupons
from cli.complete_journey.source import FIRST_DAY, RedemptionData, Source
from cli.imports import loading
from script.year import points

LAST_DAY = date(2017, 12, 31)
_TERMS = Terms(effective_from=FIRST_DAY, commission_bps=500, issue_price_fen=80, redeem_price_fen=90)
_OPENS = timedelta(hours=8)
_NIGHT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Play:
    """What is to happen, by its day, in a mall that stands open with all its members."""

    mall_id: int
    bought: Mapping[date, Sequence[Incoming]]
    used: Mapping[date, Sequence[RedemptionData]]

    @classmethod
    def prepare(cls, source: Source, folder: Path) -> "Play":
        """Open the mall on the year's first morning, with its stores, members and campaigns."""
        files = source.write(folder)
        with clock.freeze(clock.start_of_day(FIRST_DAY) - _NIGHT):
            points.begin_group()
        with clock.freeze(clock.start_of_day(FIRST_DAY) + _OPENS):
            mall_id = _open(files.stores, files.members)
            coupons.open_campaigns(mall_id, source.campaigns())
        return cls(mall_id, _by_day(files.purchases), _uses_by_day(source))

    def each_day(self, *, last: date = LAST_DAY) -> Iterator[date]:
        """Every day of the year in turn, once it has happened and its night is over."""
        for day in clock.each_day(FIRST_DAY, last):
            with clock.freeze(clock.end_of_day(day) - timedelta(seconds=1)):
                self._happen(day)
            with clock.freeze(clock.end_of_day(day) + _NIGHT):
                with atomic():
                    nights.run(day, now=clock.now())
                points.expire()
            yield day

    def _happen(self, day: date) -> None:
        bought = self.bought.get(day)
        if bought:
            load = partial(receipts.load, bought, effects=Effects.LEDGER, now=clock.now())
            persist(lambda plainly: load(plainly=plainly))
        points.spend(self.mall_id, day)
        coupons.redeem_all(self.mall_id, self.used.get(day, ()), _unseen)


def month_ends() -> list[date]:
    """The last days of the twelve months."""
    return [date(2017, month + 1, 1) - timedelta(days=1) for month in range(1, 12)] + [LAST_DAY]


def _open(stores_file: Path, members_file: Path) -> int:
    now = clock.now()
    with atomic():
        mall = opening.open_mall("CJ", name="旅程商场", city="上海", accent="#0f766e", created_by="import", now=now)
        points.begin_mall(mall.id)
    known = partial(stores.load, mall_id=mall.id, terms=_TERMS, effects=Effects.LEDGER, now=now)
    load_file = partial(loading.load_file, show=False)
    load_file(
        stores_file, parsing.STORES, partial(parsing.read_stores, now=now), lambda batch, *, plainly: known(batch)
    )
    joined = partial(members.load, home_mall_id=mall.id, effects=Effects.NONE, now=now)
    load_file(members_file, parsing.MEMBERS, partial(parsing.read_members, now=now), joined)
    return mall.id


def _by_day(file: Path) -> Mapping[date, Sequence[Incoming]]:
    found: defaultdict[date, list[Incoming]] = defaultdict(list)
    with Table(file, parsing.PURCHASES) as table:
        for one in purchase_rows.read_purchases(table, now=clock.now()):
            if one.item is None:
                raise ValueError(f"line {one.rows[0].number} of the year cannot be read")
            found[clock.business_date(one.item.receipt.occurred_at)].append(one.item)
    return {
        day: sorted(those, key=lambda one: (one.receipt.occurred_at, one.receipt.receipt_no))
        for day, those in found.items()
    }


def _uses_by_day(source: Source) -> Mapping[date, Sequence[RedemptionData]]:
    found: defaultdict[date, list[RedemptionData]] = defaultdict(list)
    for one in source.redemptions():
        found[one.day].append(one)
    return found


def _unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""
