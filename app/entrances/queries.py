"""Reading entrances for the console: how many were scanned, by how many people joined, and one with its pictures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from app.entrances.models import ContactWay, Entrance, EntranceCode, EntranceScan
from app.kernel import money
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of

ORDER = Order(Entrance.id.desc())
SCAN_ORDER = Order(EntranceScan.id.desc())


@dataclass(frozen=True, slots=True)
class Traffic:
    """Openings through an entrance and how many of them led to joining."""

    scans: int = 0
    joins: int = 0

    @property
    def rate_bps(self) -> int:
        """Joins per scan in basis points; 0 without scans."""
        return money.divide(self.joins * 10_000, self.scans) if self.scans else 0


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
    rows = db.session.execute(
        select(EntranceScan.entrance_id, *_counts(today))
        .where(
            EntranceScan.entrance_id.in_([entrance.id for entrance in entrances]), EntranceScan.unknown_scene.is_(None)
        )
        .group_by(EntranceScan.entrance_id)
    )
    counts = {row[0]: [int(number) for number in row[1:]] for row in rows}
    return [_counted(entrance, counts.get(entrance.id, [0] * 6)) for entrance in entrances]


def _counts(today: date) -> list[ColumnElement[int]]:
    spans = (EntranceScan.day == today, EntranceScan.day > today - timedelta(days=7), EntranceScan.id > 0)
    return [func.count(column).filter(span) for span in spans for column in (EntranceScan.id, EntranceScan.joined_at)]


def _counted(entrance: Entrance, numbers: Sequence[int]) -> Counted:
    return Counted(entrance, Traffic(*numbers[0:2]), Traffic(*numbers[2:4]), Traffic(*numbers[4:6]))


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
