"""What helps to read a photographed receipt: what a program or the member says stands on it, and what it is like."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.identity import queries as members
from app.kernel import clock
from app.malls import queries as malls
from app.purchases import claim_queries, day_only
from app.purchases.claims import claims
from app.purchases.claims.models import ReceiptClaim
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.photos import queries
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.photos.photos import Seen
from app.purchases.photos.wording import PHOTO_STATES
from app.web.forms import written
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace

_MOST = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that may be the same receipt: what it is, and where it is looked at."""

    text: str
    small: str
    path: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Photographs that look like this one, and receipts of the store with the same sum on that day."""

    photos: list[Hint]
    receipts: list[Hint]


def proposed(photo: ReceiptPhoto) -> dict[str, str]:
    """How the form begins: as a first person read it, else as the member claimed, else as a program read it."""
    if photo.store_id is not None and photo.business_day is not None:
        printed = "" if photo.printed_at is None else f"{clock.local(photo.printed_at):%H:%M}"
        store = malls.get_store(photo.store_id)
        return _fields(store.code, photo.receipt_no, photo.amount_fen, photo.business_day) | {"time": printed}
    claim, read = claim_of(photo), {key: value for key, value in (photo.proposal or {}).items() if value is not None}
    if claim is not None:
        store = malls.get_store(claim.store_id)
        told = _fields(store.code, claim.receipt_no, claim.amount_fen, claim.business_day)
        return told | {"time": str(read.get("time", ""))}
    day = read.get("day")
    told = _fields(
        str(read.get("store_code", "")),
        read.get("receipt_no"),
        read.get("amount_fen"),
        date.fromisoformat(day) if day else None,
    )
    return told | {"time": str(read.get("time", ""))}


def _fields(store: str, receipt_no: str | None, amount_fen: int | None, day: date | None) -> dict[str, str]:
    return {
        "store": store,
        "receipt_no": receipt_no or "",
        "amount": "" if amount_fen is None else written.decimal_text(amount_fen),
        "day": "" if day is None else day.isoformat(),
    }


def claim_of(photo: ReceiptPhoto) -> ReceiptClaim | None:
    """The claim that the photograph is to prove."""
    return None if photo.claim_id is None else claims.get(photo.member_id, photo.claim_id)


def likeness_of(workspace: Workspace, photo: ReceiptPhoto, typed: dict[str, str]) -> Likeness:
    """What may be the same receipt."""
    return Likeness(_list_alike(photo), _list_receipts(workspace, photo, typed))


def _list_alike(photo: ReceiptPhoto) -> list[Hint]:
    return [
        Hint(
            f"{clock.local(one.created_at):%m-%d %H:%M} 上传",
            PHOTO_STATES[one.state],
            f"/purchases/photos/{one.public_id}",
        )
        for one in queries.list_alike(photo, limit=_MOST)
    ]


def _list_receipts(workspace: Workspace, photo: ReceiptPhoto, typed: dict[str, Any]) -> list[Hint]:
    store = stores.find(workspace, typed["store"]) if typed["store"] else None
    if store is None or not typed["amount"] or not typed["day"] or photo.fact is not None:
        return []
    seen = Seen(
        store=store,
        receipt_no=typed["receipt_no"],
        amount_fen=int(Decimal(typed["amount"]) * 100),
        business_day=date.fromisoformat(typed["day"]),
    )
    return [
        Hint(
            f"小票号 {one.receipt_no}",
            " · ".join(filter(None, (_hour(one), _whose(one, photo)))),
            f"/purchases/{one.member_id}-{one.id}" if isinstance(one, Purchase) else f"/purchases/inbox/{one.id}",
        )
        for one in claim_queries.list_like(seen, limit=_MOST)
    ]


def _hour(one: Purchase | InboxReceipt) -> str:
    return "" if day_only.is_day_only(one.source, one.occurred_at) else f"{clock.local(one.occurred_at):%H:%M}"


def _whose(one: object, photo: ReceiptPhoto) -> str:
    if not isinstance(one, Purchase):
        return "未识别会员"
    owner = members.get_member(one.member_id).id
    return "已记在该会员名下" if owner == members.get_member(photo.member_id).id else "已记在其他会员名下"
