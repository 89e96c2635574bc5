"""What members spend points on besides parking: payments in stores, and coupons they exchange them for."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges import queries as exchange_queries
from app.benefits.exchanges import wording as exchange_words
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.identity.models import Member
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.points.till import queries as till_queries
from app.points.till import rules as till_rules
from app.points.till import wording as till_words
from app.points.till.models import PaymentStatus, PointsPayment
from app.web import filters
from mall_console.benefits.lists import coupon_filters
from mall_console.kit.listing import cells, columns, narrowing, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_spending", __name__, url_prefix="/points", template_folder="templates")

PERMISSION = "points_payment.list"
_TONES = {
    PaymentStatus.AWAITING: "warn",
    PaymentStatus.PAID: "good",
    PaymentStatus.RELEASED: "plain",
    PaymentStatus.REVERSED: "plain",
}
_EXCHANGE_TONES = {
    ExchangeStatus.AWAITING_CASH: "warn",
    ExchangeStatus.DONE: "good",
    ExchangeStatus.RELEASED: "plain",
    ExchangeStatus.REFUNDED: "plain",
}


class Paid(NamedTuple):
    """A payment in a store, with whose it is and where."""

    payment: PointsPayment
    member: Member
    store: Store


class Exchanged(NamedTuple):
    """An exchange, with whose it is and of which campaign."""

    exchange: CouponExchange
    member: Member
    campaign: Campaign


def _read_payments(workspace: Workspace, wanted: Wanted) -> Page[Paid]:
    page = till_queries.list_payments(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Paid(*row) for row in page])


def _payment_state(workspace: Workspace, row: Paid) -> Cell:
    status = till_rules.status_at(row.payment, clock.now())
    return cells.tag(till_words.STATUSES[status.value], _TONES[status], small=_why(row.payment, status))


def _why(payment: PointsPayment, status: PaymentStatus) -> str:
    if status is not PaymentStatus.RELEASED:
        return ""
    return till_words.RELEASED[payment.released_why or "timed_out"]


def _payment_sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("已付积分", filters.points(sums[0])), ("抵用金额", filters.yuan(sums[1]))]


def _read_exchanges(workspace: Workspace, wanted: Wanted) -> Page[Exchanged]:
    page = exchange_queries.list_exchanges(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Exchanged(*row) for row in page])


def _exchange_state(workspace: Workspace, row: Exchanged) -> Cell:
    status = ExchangeStatus(row.exchange.status)
    return cells.tag(exchange_words.STATUSES[status.value], _EXCHANGE_TONES[status])


def _coupon_of(workspace: Workspace, row: Exchanged) -> str:
    """The coupon that was had; the member where there is none, or who looks may not see it."""
    if row.exchange.coupon_id is None or not workspace.can("redemption.list"):
        return cells.member(workspace, row.member).href
    return f"{workspace.base}/members/{row.member.public_id}/coupons/{row.exchange.coupon_id}"


def _exchange_sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("已兑换", f"{sums[0]:,} 张"), ("所用积分", filters.points(sums[1])), ("所收现金", filters.yuan(sums[2]))]


_PAYMENT_KEY = (PointsPayment.member_id, PointsPayment.id)
_EXCHANGE_KEY = (CouponExchange.member_id, CouponExchange.id)

PAYMENTS: Listing[Paid] = Listing(
    name="points_payments",
    title="门店积分付款",
    permission=PERMISSION,
    table=PointsPayment,
    scope=lambda workspace: [workspace.condition(PERMISSION, PointsPayment.mall_id)],
    read=_read_payments,
    columns=(
        columns.moment("at", "时间", lambda row: row.payment.created_at, sort="at", is_fixed=True),
        columns.text("store", "门店", lambda row: row.store.name, look="wide"),
        columns.member(lambda row: row.member),
        columns.count("points", "积分", lambda row: row.payment.points, sort="points"),
        columns.money("worth", "抵用金额", lambda row: row.payment.worth_fen),
        Column(key="state", head="状态", cell=_payment_state),
        columns.text("way", "收款方式", lambda row: "收银系统" if row.payment.machine_id else "商户端", is_extra=True),
        columns.moment("paid", "付款时间", lambda row: row.payment.paid_at, is_extra=True),
        columns.moment("reversed", "撤销时间", lambda row: row.payment.reversed_at, is_extra=True),
    ),
    filters=(
        Days("day", "日期", PointsPayment.created_at),
        narrowing.store(PointsPayment.store_id),
        Choice("status", "状态", till_words.STATUSES, lambda code: PointsPayment.status == code, "全部状态"),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", PointsPayment.created_at, *_PAYMENT_KEY),
        *both_ways("points", "积分从高到低", "积分从低到高", PointsPayment.points, *_PAYMENT_KEY, is_short=True),
    ),
    link=lambda workspace, row: cells.member(workspace, row.member).href,
    noun="笔",
    amounts=till_queries.AMOUNTS,
    sums=_payment_sums,
    icon="points",
    nothing="没有门店积分付款",
    hint="店员在商户端扫会员码后点「用积分抵扣」，付款会立即出现在这里。",
)

EXCHANGES: Listing[Exchanged] = Listing(
    name="coupon_exchanges",
    title="积分兑换",
    permission=PERMISSION,
    table=CouponExchange,
    scope=lambda workspace: [workspace.condition(PERMISSION, CouponExchange.mall_id)],
    read=_read_exchanges,
    columns=(
        columns.moment("at", "时间", lambda row: row.exchange.created_at, sort="at", is_fixed=True),
        columns.text("campaign", "兑换的券", lambda row: row.campaign.title, look="wide"),
        columns.member(lambda row: row.member),
        columns.count("points", "积分", lambda row: row.exchange.points, sort="points"),
        columns.money("cash", "现金", lambda row: row.exchange.cash_fen),
        Column(key="state", head="状态", cell=_exchange_state),
        columns.moment("done", "完成时间", lambda row: row.exchange.done_at, is_extra=True),
        columns.moment("refunded", "退回时间", lambda row: row.exchange.refunded_at, is_extra=True),
    ),
    filters=(
        Days("day", "日期", CouponExchange.created_at),
        coupon_filters.campaign(CouponExchange.campaign_id),
        Choice("status", "状态", exchange_words.STATUSES, lambda code: CouponExchange.status == code, "全部状态"),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", CouponExchange.created_at, *_EXCHANGE_KEY),
        *both_ways("points", "积分从高到低", "积分从低到高", CouponExchange.points, *_EXCHANGE_KEY, is_short=True),
    ),
    link=_coupon_of,
    noun="笔",
    amounts=exchange_queries.AMOUNTS,
    sums=_exchange_sums,
    icon="coupon",
    nothing="还没有会员用积分兑换",
    hint="在优惠活动里填写积分兑换价，会员就能在小程序的积分页兑换。",
)


@blueprint.get("/payments")
@mall_required(PERMISSION)
def payments_page(workspace: Workspace) -> ResponseReturnValue:
    """Payments with points in the mall's stores, the latest first."""
    return views.page(PAYMENTS, workspace, "points_payments")


@blueprint.get("/exchanges")
@mall_required(PERMISSION)
def exchanges_page(workspace: Workspace) -> ResponseReturnValue:
    """Points exchanged for the mall's coupons, the latest first."""
    return views.page(EXCHANGES, workspace, "points_exchanges")
