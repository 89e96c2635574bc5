"""Reading the funnel of entrances: a week by entrance, the mall's weeks one after another, an entrance's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.entrances import costs
from app.entrances.models import Entrance, EntranceCost
from app.insights.entrances.models import EntranceWeek, MallWeek
from app.kernel import money
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.money import Share

ORDER = Order(EntranceWeek.joined.desc(), EntranceWeek.entrance_id.desc())


@dataclass(frozen=True, slots=True)
class Funnel:
    """A week with what was entered as its cost."""

    week: EntranceWeek | MallWeek
    entered_fen: int

    @property
    def cost_fen(self) -> int:
        """What joining cost: benefits that the mall paid, and what was entered."""
        return self.week.benefits_fen + self.entered_fen

    @property
    def cost_per_join_fen(self) -> int | None:
        return self._by_join(self.cost_fen)

    @property
    def spend_per_join_fen(self) -> int | None:
        return self._by_join(self.week.spend_fen)

    @property
    def scan_share(self) -> Share | None:
        """Openings of codes by visitors; None without a count of these."""
        return Share.of(self.week.scans, self.week.visitors)

    @property
    def join_share(self) -> Share | None:
        return Share.of(self.week.joined, self.week.scans)

    @property
    def reachable_share(self) -> Share | None:
        return Share.of(self.week.reachable, self.week.joined)

    def _by_join(self, fen: int) -> int | None:
        return money.divide(fen, self.week.joined) if self.week.joined else None


@dataclass(frozen=True, slots=True)
class OfEntrance:
    """An entrance with its week."""

    entrance: Entrance
    funnel: Funnel


def list_of_week(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[OfEntrance]:
    """A page of entrances' weeks, those with most who joined first if not asked otherwise."""
    one, cost = EntranceWeek, EntranceCost
    query = (
        select(one, Entrance, func.coalesce(cost.amount_fen, 0))
        .join(Entrance, Entrance.id == one.entrance_id)
        .outerjoin(cost, (cost.entrance_id == one.entrance_id) & (cost.week == one.week))
        .where(*wanted)
    )
    page = keyset.rows(query, order, asked)
    return page.with_items([OfEntrance(entrance, Funnel(week, fen)) for week, entrance, fen in page])


def list_weeks(mall_id: int, *, first: date, last: date) -> list[Funnel]:
    """The mall's weeks that were counted, the latest first."""
    one = MallWeek
    entered = costs.sum_by_week(mall_id, first=first, last=last)
    weeks = db.session.scalars(
        select(one).where(one.mall_id == mall_id, one.week.between(first, last)).order_by(one.week.desc())
    )
    return [Funnel(week, entered.get(week.week, 0)) for week in weeks]


def list_weeks_of(entrance: Entrance, *, limit: int) -> Sequence[OfEntrance]:
    """An entrance's last weeks, the latest first."""
    order = Order(EntranceWeek.week.desc(), EntranceWeek.entrance_id.desc())
    return list(list_of_week(EntranceWeek.entrance_id == entrance.id, order=order, asked=Asked(limit=limit)))
