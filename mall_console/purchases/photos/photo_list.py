"""The list of receipts that members photograph."""

from typing import NamedTuple

from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.malls.models import Store
from app.purchases import receipt_queries
from app.purchases.claims.wording import REJECTIONS
from app.purchases.photos import queries
from app.purchases.photos.models import ReceiptPhoto, State
from app.purchases.photos.wording import PHOTO_STATES
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace

TONES = {"pending": "warn", "checked": "cool", "approved": "good", "rejected": "plain", "withdrawn": "plain"}


class Photographed(NamedTuple):
    """A photograph with the store that was read on it, and who sent it."""

    photo: ReceiptPhoto
    store: Store | None
    member: Member | None


def _read(workspace: Workspace, wanted: Wanted) -> Page[Photographed]:
    page = queries.list_photos(*wanted.where, order=wanted.order, asked=wanted.asked)
    members = receipt_queries.members_of({photo.member_id for photo, _ in page})
    return page.with_items([Photographed(photo, store, members.get(photo.member_id)) for photo, store in page])


def _state(workspace: Workspace, row: Photographed) -> Cell:
    photo = row.photo
    by = photo.decided_by or photo.checked_by or "" if photo.state != State.WITHDRAWN.value else "会员本人"
    small = " · ".join(filter(None, [photo.note or REJECTIONS[photo.reason] if photo.reason else "", _name(by)]))
    return cells.tag(PHOTO_STATES[photo.state], TONES[photo.state], small=small)


def _name(by: str) -> str:
    return "系统" if by == "system" else by


def _sent(workspace: Workspace, row: Photographed) -> Cell:
    sent = cells.moment(row.photo.created_at)
    href = f"{workspace.base}/purchases/photos/{row.photo.public_id}" if workspace.can("purchase.work") else ""
    return Cell(text=sent.text, href=href, value=sent.value)


def _day(workspace: Workspace, row: Photographed) -> Cell:
    return cells.NOTHING if row.photo.business_day is None else cells.day(row.photo.business_day)


_KEY = (ReceiptPhoto.member_id, ReceiptPhoto.id)

PHOTOS: Listing[Photographed] = Listing(
    name="receipt_photos",
    title="小票照片",
    permission="purchase.view",
    table=ReceiptPhoto,
    scope=lambda workspace: [workspace.condition("purchase.view", ReceiptPhoto.mall_id)],
    read=_read,
    columns=(
        Column(key="sent", head="上传时间", cell=_sent, look="num nowrap", sort="sent", is_fixed=True),
        Column(key="state", head="状态", cell=_state),
        columns.member(lambda row: row.member),
        columns.text("store", "门店", lambda row: None if row.store is None else row.store.name),
        columns.text("number", "小票号", lambda row: row.photo.receipt_no, look="mono"),
        Column(key="day", head="消费日期", cell=_day, look="num nowrap"),
        columns.money("amount", "金额", lambda row: row.photo.amount_fen),
        columns.text("checker", "初审人", lambda row: row.photo.checked_by, is_extra=True),
        columns.moment("decided", "审核时间", lambda row: row.photo.decided_at, is_extra=True),
    ),
    filters=(
        Search("小票号，从头输入", narrowing.begins(ReceiptPhoto.receipt_no)),
        Choice("state", "状态", PHOTO_STATES, lambda state: ReceiptPhoto.state == state, "全部状态"),
        Days("sent", "上传日期", ReceiptPhoto.created_at),
        narrowing.store(ReceiptPhoto.store_id),
    ),
    sorts=(*both_ways("sent", "最近上传在前", "最早上传在前", ReceiptPhoto.created_at, *_KEY),),
    key=lambda row: row.photo.public_id,
    noun="张",
    nothing="没有小票照片",
    hint="会员在小程序里拍小票上传，审核通过后按消费当天的规则补发积分。",
)
