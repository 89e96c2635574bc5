"""The list of receipts that members claim."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_

from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.purchases import claim_queries, receipt_queries
from app.purchases.claims import claims
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.claims.wording import MALL_STATES, REJECTIONS
from app.purchases.photos import queries as photo_queries
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Act, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace
from mall_console.purchases.claims import joining

TONES = {"pending": "warn", "checked": "cool", "approved": "good", "rejected": "plain"}


class Claimed(NamedTuple):
    """A claim with where, and who says it is theirs."""

    claim: ReceiptClaim
    store: Store
    member: Member | None
    has_photo: bool
    has_like: bool


def _read(workspace: Workspace, wanted: Wanted) -> Page[Claimed]:
    page = claims.list_claims(*wanted.where, order=wanted.order, asked=wanted.asked)
    members = receipt_queries.members_of({claim.member_id for claim, _ in page})
    proved = photo_queries.list_proved([claim.id for claim, _ in page], [claim.member_id for claim, _ in page])
    like = claim_queries.list_with_like([claim for claim, _ in page if claim.state == State.PENDING.value])
    return page.with_items(
        [
            Claimed(claim, store, members.get(claim.member_id), claim.id in proved, claim.id in like)
            for claim, store in page
        ]
    )


def _state(workspace: Workspace, row: Claimed) -> Cell:
    claim = row.claim
    state = "checked" if claim.state == "pending" and claim.checked_by else claim.state
    small = claim.checked_by if state == "checked" else claim.decided_by or ("系统核对" if claim.decided_at else "")
    if claim.reason:
        small = f"{claim.note or REJECTIONS[claim.reason]} · {small}"
    if row.has_photo:
        small = "有照片，在「小票照片」中审核"
    return cells.tag(MALL_STATES[state], TONES[state], small=small or "")


def _number(workspace: Workspace, row: Claimed) -> Cell:
    return cells.text(row.claim.receipt_no, small="该会员当天在本店已有同金额消费，请核对" if row.has_like else "")


def _day(workspace: Workspace, row: Claimed) -> Cell:
    day = row.claim.business_day
    return replace(cells.day(day), small=joining.warning(row.member, day))


def _stands(state: str) -> ColumnElement[bool]:
    checked = ReceiptClaim.checked_at.is_not(None)
    if state == "checked":
        return and_(ReceiptClaim.state == State.PENDING.value, checked)
    return and_(ReceiptClaim.state == state, or_(ReceiptClaim.state != State.PENDING.value, not_(checked)))


_KEY = (ReceiptClaim.member_id, ReceiptClaim.id)

CLAIMS: Listing[Claimed] = Listing(
    name="receipt_claims",
    title="小票补登",
    permission="purchase.view",
    table=ReceiptClaim,
    scope=lambda workspace: [workspace.condition("purchase.view", ReceiptClaim.mall_id)],
    read=_read,
    columns=(
        columns.moment("made", "申请时间", lambda row: row.claim.created_at, sort="made", is_fixed=True),
        Column(key="state", head="状态", cell=_state),
        columns.member(lambda row: row.member),
        columns.text("store", "门店", lambda row: row.store.name),
        Column(key="number", head="小票号", cell=_number, look="mono"),
        Column(key="day", head="消费日期", cell=_day, look="num nowrap"),
        columns.money("amount", "金额", lambda row: row.claim.amount_fen, sort="amount"),
        columns.text("signed", "二维码", lambda row: "收银系统签名" if row.claim.is_signed else None, is_extra=True),
    ),
    filters=(
        Search("小票号，从头输入", narrowing.begins(ReceiptClaim.receipt_no)),
        Choice("state", "状态", MALL_STATES, _stands, "全部状态"),
        Days("made", "申请日期", ReceiptClaim.created_at),
        narrowing.store(ReceiptClaim.store_id),
    ),
    sorts=(
        *both_ways("made", "最近申请在前", "最早申请在前", ReceiptClaim.created_at, *_KEY),
        *both_ways("amount", "金额从高到低", "金额从低到高", ReceiptClaim.amount_fen, *_KEY, is_short=True),
    ),
    key=lambda row: row.claim.public_id,
    acts=(
        Act("通过", "/purchases/claims/approve", "purchase.work", tone="accent"),
        Act("驳回", "/purchases/claims/reject", "purchase.work"),
    ),
    most_ticked=100,
    noun="条",
    nothing="没有小票补登申请",
    nothing_for={"state=pending": "没有等待审核的补登"},
    hint="会员在小程序里补登小票，收银系统没有对应记录的会列在这里等待审核。",
)
