"""Reading entrances for the console: how many were scanned, by how many people joined, and one with its pictures."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from app.entrances.day_sums import SCANS
from app.entrances.models import ContactWay, Entrance, EntranceCode, EntranceScan
from app.kernel import clock, money
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import NOTHING
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of

ORDER = Order(Entrance.id.desc())
SCAN_ORDER = Order(EntranceScan.id.desc())


def find_first_day(mall_id: int) -> date | None:
    """The day on which the mall's first entrance was made, or scanned, where history was brought in; None without any.

    Reads every scan: what can do with less asks `find_first_made` first.
    """
    made, scanned = find_first_made(mall_id), db.session.scalar(SCANS.beginning(mall_id))
    return made if made is None or scanned is None else min(made, clock.business_date(scanned))


def find_first_made(mall_id: int) -> date | None:
    """The day on which the mall's first entrance was made."""
    first = db.session.scalar(select(func.min(Entrance.created_at)).where(Entrance.mall_id == mall_id))
    return None if first is None else clock.business_date(first)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Openings through an entrance and how many of them led to joining."""

    scans: int = 0
    joins: int = 0

    @property
    def rate_permille(self) -> int:
        """Joins per scan in thousandths, as they are shown: rounded once; 0 without scans."""
        return money.divide(self.joins * 1_000, self.scans) if self.scans else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """An entrance with its traffic: today, in the seven days up to today, and ever."""

    entrance: Entrance
    today: Traffic
    week: Traffic
    ever: Traffic


def list_counted(
    *wanted: ColumnElement[bool], today: date, order: Order = ORDER, asked: Asked = FIRST
) -> Page[Counted]:
    """A page of entrances with their traffic, the newest first if not asked otherwise."""
    page = keyset.scalars(select(Entrance).where(*wanted), order, asked)
    return page.with_items(count_traffic(page.items, today=today))


def count_traffic(entrances: Sequence[Entrance], *, today: date) -> list[Counted]:
    """The entrances with their traffic, in the given order."""
    found: dict[int, Counted] = {}
    for mall_id in {entrance.mall_id for entrance in entrances}:
        own = [entrance for entrance in entrances if entrance.mall_id == mall_id]
        found |= {one.entrance.id: one for one in _count_in(mall_id, own, today)}
    return [found[entrance.id] for entrance in entrances]


def _count_in(mall_id: int, entrances: Sequence[Entrance], today: date) -> Iterator[Counted]:
    """The days of this week one by one, all before them together."""
    sums, keys = DaySums(mall_id, [SCANS]), [entrance.id for entrance in entrances]
    week_ago = today - timedelta(days=7)
    days = sums.by_key_and_day(SCANS, first=week_ago + timedelta(days=1), last=today, keys=keys)
    before = sums.by_key(SCANS, last=week_ago, keys=keys)
    for entrance in entrances:
        week = NOTHING
        for (key, _), one in days.items():
            week = week.plus(one) if key == entrance.id else week
        ever = before.get(entrance.id, NOTHING).plus(week)
        now = days.get((entrance.id, today), NOTHING)
        yield Counted(entrance, *(Traffic(one.count, one.amount) for one in (now, week, ever)))


def get_entrance(entrance_id: int, *, visible: ColumnElement[bool]) -> Entrance:
    """The entrance if it is visible; raises NotFound."""
    entrance = db.session.scalar(select(Entrance).where(Entrance.id == entrance_id, visible))
    if entrance is None:
        raise NotFound(entrance_id=entrance_id)
    return entrance


def find_code(entrance_id: int) -> EntranceCode | None:
    """The platform's picture of the entrance's code, if it was fetched."""
    return db.session.scalar(select(EntranceCode).where(EntranceCode.entrance_id == entrance_id))


def find_contact_way(entrance_id: int) -> ContactWay | None:
    """The entrance's WeCom contact way, if it was made."""
    return db.session.scalar(select(ContactWay).where(ContactWay.entrance_id == entrance_id))


def list_scans(
    *wanted: ColumnElement[bool], order: Order = SCAN_ORDER, asked: Asked = FIRST
) -> Page[tuple[EntranceScan, str]]:
    """A page of openings with their entrances' names, the newest first if not asked otherwise."""
    query = select(EntranceScan, Entrance.name).join(Entrance, Entrance.id == EntranceScan.entrance_id).where(*wanted)
    return keyset.rows(query, order, asked)


def names_of(entrance_ids: Collection[int]) -> dict[int, str]:
    """Names by id."""
    return labels_of(Entrance.id, Entrance.name, entrance_ids)
