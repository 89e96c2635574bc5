"""The lists of parking: stays, and what members paid for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.kernel.spelling import plates
from app.parking.car_parks import list_queries as car_park_queries
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.payment import list_queries as payment_list_queries
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.sessions import list_queries
from app.parking.sessions.models import ParkingSession, SessionNote
from app.parking.sessions.rules import Stay
from app.web import filters
from mall_console.kit import masks
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Chip, Choice, Conditions, Days, Query, Search
from mall_console.kit.workspace import Workspace

NOTES = {
    SessionNote.EXIT_MISSED.value: "漏记离场",
    SessionNote.ENTRY_MISSED.value: "漏记入场",
    SessionNote.EXIT_LATE.value: "离场补传",
    SessionNote.ENTRY_LATE.value: "入场补传",
    SessionNote.PLATE_UNREAD.value: "车牌未识别",
}
PAYMENTS = {
    PaymentStatus.AWAITING_CASH.value: ("等待支付", "warn"),
    PaymentStatus.PAID.value: ("已缴清", "good"),
    PaymentStatus.RELEASED.value: ("已放弃", "plain"),
}
_STATES = {"all": "全部车辆", "out": "已离场"}


class Parked(NamedTuple):
    """A stay with its car park and tariff, and whose car it is (None: not known)."""

    session: ParkingSession
    car_park: CarPark
    tariff: ParkingTariff
    member: Member | None

    @property
    def fee_fen(self) -> int:
        """What the stay costs up to its end, or up to now."""
        until = self.session.exited_at or clock.now()
        return Stay(tariffs.to_tariff(self.tariff), self.session.entered_at, until, self.session.settled_fen).fee_fen


class Paid(NamedTuple):
    """A payment with the stay it is for."""

    payment: ParkingPayment
    session: ParkingSession
    car_park: CarPark
    member: Member


def _with_plate(workspace: Workspace, words: str) -> Conditions:
    return [ParkingSession.plate == plates.spell_plate(words)]


_ENTERED = Days("day", "入场日期", ParkingSession.entered_at)
_PLATE = Search("完整车牌", _with_plate)


@dataclass(frozen=True, slots=True)
class _Inside(Choice):
    """Cars that are in now, unless days, one car or all cars are asked for."""

    def conditions(self, workspace: Workspace, query: Query) -> Conditions:
        state = self.chosen(workspace, query)
        if state == "out":
            return [ParkingSession.exited_at.is_not(None)]
        is_narrowed = state == "all" or any(_ENTERED.span(query)) or _PLATE.words(query) != ""
        return [] if is_narrowed else [ParkingSession.exited_at.is_(None)]

    def chips(self, workspace: Workspace, query: Query) -> Iterator[Chip]:
        state = self.chosen(workspace, query)
        if state is not None:
            yield Chip(_STATES[state], self.names)


def _car_parks(workspace: Workspace) -> Mapping[str, str]:
    return {one.code: one.name for one in car_park_queries.list_car_parks(CarPark.mall_id == workspace.mall.id)}


def _in_car_park(code: str) -> ColumnElement[bool]:
    return ParkingSession.car_park_id.in_(select(CarPark.id).where(CarPark.code == code))


def _read_parked(workspace: Workspace, wanted: Wanted) -> Page[Parked]:
    page = list_queries.list_sessions(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Parked(*row) for row in page])


def _read_paid(workspace: Workspace, wanted: Wanted) -> Page[Paid]:
    page = payment_list_queries.list_payments(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Paid(*row) for row in page])


def _of_mall(workspace: Workspace) -> list[ColumnElement[bool]]:
    mine = select(CarPark.id).where(workspace.condition("parking.view", CarPark.mall_id))
    return [ParkingSession.car_park_id.in_(mine)]


def _whose(workspace: Workspace, row: Parked) -> Cell:
    if row.member and workspace.can("member.view"):
        return cells.member(workspace, row.member)
    return cells.text("会员" if row.member else "非会员")


def _noted(workspace: Workspace, row: Parked) -> Cell:
    return cells.tag(NOTES[row.session.note], "warn") if row.session.note else cells.EMPTY


def _paid_sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("应缴", filters.yuan(sums[0])), ("券与积分", filters.yuan(sums[1])), ("实付", filters.yuan(sums[2]))]


_PAID = (ParkingPayment.member_id, ParkingPayment.id)

STAYS: Listing[Parked] = Listing(
    name="parking",
    title="停车记录",
    permission="parking.view",
    table=ParkingSession,
    scope=_of_mall,
    read=_read_parked,
    columns=(
        Column(
            key="plate",
            head="车牌",
            cell=lambda at, row: cells.text(masks.plate(at, row.session.plate)),
            look="main num",
            is_fixed=True,
        ),
        columns.text("car_park", "停车场", lambda row: row.car_park.name),
        columns.moment("entered", "入场", lambda row: row.session.entered_at, sort="entered"),
        Column(
            key="exited",
            head="离场",
            cell=lambda _, row: cells.moment(row.session.exited_at, otherwise="在场"),
            look="num nowrap",
        ),
        Column(key="member", head="会员", cell=_whose, look="num"),
        columns.money("fee", "费用", lambda row: row.fee_fen),
        columns.money("settled", "已缴", lambda row: row.session.settled_fen),
        Column(key="note", head="备注", cell=_noted),
    ),
    filters=(
        _PLATE,
        _ENTERED,
        _Inside("state", "车辆", _STATES, lambda _: ParkingSession.id > 0, "在场车辆"),
        Choice("car_park", "停车场", _car_parks, _in_car_park, "全部停车场"),
        Choice("note", "备注", NOTES, lambda note: ParkingSession.note == note),
    ),
    sorts=both_ways("entered", "入场从近到远", "入场从远到近", ParkingSession.entered_at, ParkingSession.id),
    noun="辆",
    icon="parking",
    nothing="没有车辆",
    hint="道闸上报入场后，车辆会立即出现在这里。",
)

PAID: Listing[Paid] = Listing(
    name="parking_payments",
    title="停车缴费",
    permission="parking.view",
    table=ParkingPayment,
    scope=lambda workspace: [workspace.condition("parking.view", ParkingPayment.mall_id)],
    read=_read_paid,
    columns=(
        columns.moment(
            "at", "时间", lambda row: row.payment.paid_at or row.payment.created_at, sort="at", is_fixed=True
        ),
        Column(
            key="plate", head="车牌", cell=lambda at, row: cells.text(masks.plate(at, row.session.plate)), look="num"
        ),
        columns.text("car_park", "停车场", lambda row: row.car_park.name),
        columns.member(lambda row: row.member),
        columns.money("due", "应缴", lambda row: row.payment.due_fen, sort="due"),
        columns.money("waived", "券与积分", lambda row: row.payment.waived_fen),
        columns.money("cash", "实付", lambda row: row.payment.cash_fen),
        Column(key="status", head="状态", cell=lambda _, row: cells.tag(*PAYMENTS[row.payment.status])),
        columns.moment("entered", "入场", lambda row: row.session.entered_at, is_extra=True),
    ),
    filters=(
        Days("day", "缴清日期", ParkingPayment.paid_at),
        Choice(
            "status",
            "状态",
            {code: words for code, (words, _) in PAYMENTS.items()},
            lambda status: ParkingPayment.status == status,
            "全部状态",
        ),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", ParkingPayment.created_at, *_PAID),
        *both_ways("due", "应缴从高到低", "应缴从低到高", ParkingPayment.due_fen, *_PAID, is_short=True),
    ),
    link=lambda workspace, row: f"{workspace.base}/parking/payments/{row.payment.member_id}-{row.payment.id}",
    noun="笔",
    amounts=(ParkingPayment.due_fen, ParkingPayment.waived_fen, ParkingPayment.cash_fen),
    sums=_paid_sums,
    icon="parking",
    nothing="没有缴费",
    hint="会员在小程序里缴停车费后会出现在这里，券和积分抵了多少一目了然。",
)
