"""The life of a claim: made, decided once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, literal, select, tuple_, update

from app.access.audit import Actor
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.facts import Fact
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.security import codes
from app.malls.models import Store
from app.purchases.claims import seconds
from app.purchases.claims.errors import ClaimDecided, ClaimsUsedUp, ClaimTooOld
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.claims.seconds import Checked
from app.purchases.settings.settings import Settings

# Why a claim of what somebody else has is rejected.
OF_ANOTHER = "of_another"
ORDER = Order(ReceiptClaim.created_at.desc(), ReceiptClaim.member_id.desc(), ReceiptClaim.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a member says of a receipt. `amount_fen` > 0."""

    store: Store
    receipt_no: str
    amount_fen: int
    day: date
    is_signed: bool = False


class Place(NamedTuple):
    """When a claim was made, and which it is."""

    created_at: datetime
    member_id: int = 0
    claim_id: int = 0


def ensure_recent(day: date, settings: Settings, *, now: datetime) -> None:
    """Raises ClaimTooOld."""
    today = clock.business_date(now)
    if not today - timedelta(days=settings.claim_days) <= day <= today:
        raise ClaimTooOld(days=settings.claim_days)


def ensure_left(member_ids: Sequence[int], settings: Settings, *, now: datetime) -> None:
    """Raises ClaimsUsedUp when the locked member has made all the claims of today."""
    if count_today(member_ids, now=now) >= settings.claims_per_day:
        raise ClaimsUsedUp(most=settings.claims_per_day)


def count_today(member_ids: Sequence[int], *, now: datetime) -> int:
    """How many claims the member has made today."""
    since = clock.start_of_day(clock.business_date(now))
    theirs = ReceiptClaim.member_id.in_(member_ids) & (ReceiptClaim.created_at >= since)
    return db.session.scalar(select(func.count()).where(theirs)) or 0


def make(member_id: int, wish: Wish, *, now: datetime) -> ReceiptClaim:
    """A locked member's claim, pending."""
    claim = ReceiptClaim(
        member_id=member_id,
        public_id=codes.new_public_id(),
        mall_id=wish.store.mall_id,
        store_id=wish.store.id,
        receipt_no=wish.receipt_no,
        amount_fen=wish.amount_fen,
        business_day=wish.day,
        is_signed=wish.is_signed,
        state=State.PENDING.value,
        created_at=now,
    )
    db.session.add(claim)
    db.session.flush()
    return claim


def find_standing(member_ids: Sequence[int], wish: Wish) -> ReceiptClaim | None:
    """The member's claim of the same receipt that was not rejected."""
    return db.session.scalar(
        select(ReceiptClaim).where(
            ReceiptClaim.member_id.in_(member_ids),
            ReceiptClaim.store_id == wish.store.id,
            ReceiptClaim.receipt_no == wish.receipt_no,
            ReceiptClaim.state != State.REJECTED.value,
        )
    )


def find_disputed(member_ids: Sequence[int], wish: Wish) -> ReceiptClaim | None:
    """The member's claim of the same receipt that was rejected at once, because somebody else has it."""
    return db.session.scalar(
        select(ReceiptClaim)
        .where(
            ReceiptClaim.member_id.in_(member_ids),
            ReceiptClaim.store_id == wish.store.id,
            ReceiptClaim.receipt_no == wish.receipt_no,
            ReceiptClaim.amount_fen == wish.amount_fen,
            ReceiptClaim.business_day == wish.day,
            ReceiptClaim.reason == OF_ANOTHER,
            ReceiptClaim.decided_by.is_(None),
        )
        .order_by(ReceiptClaim.id.desc())
        .limit(1)
    )


def check(claim: ReceiptClaim, by: Actor, *, now: datetime) -> None:
    """The first of two people has looked at it; it stays pending. Raises ClaimDecided."""
    _change(claim, **seconds.first_of(by, now=now))


def approve(claim: ReceiptClaim, fact: Fact, by: Actor | None, *, proven: Checked | None = None, now: datetime) -> None:
    """It is the member's purchase now, which ledgers know as `fact`; raises ClaimDecided.

    `proven`: the photograph that it was decided with, which tells who was the first to look.
    """
    if proven is None:
        first = seconds.unless_alone(claim, by.id if by else None)
    else:
        first = {name: getattr(proven, name) for name in ("checked_at", "checked_by_id", "checked_by")}
    _decide(claim, State.APPROVED, by, now=now, fact=str(fact), **first)


def reject(claim: ReceiptClaim, reason: str, by: Actor | None, *, now: datetime, note: str | None = None) -> None:
    """It is not, for a reason that the member reads; raises ClaimDecided."""
    _decide(claim, State.REJECTED, by, now=now, reason=reason, note=note)


def _decide(claim: ReceiptClaim, state: State, by: Actor | None, *, now: datetime, **told: object) -> None:
    who = {} if by is None else {"decided_by_id": by.id, "decided_by": by.name}
    _change(claim, state=state.value, decided_at=now, **who, **told)


def _change(claim: ReceiptClaim, **told: object) -> None:
    """What becomes of a claim that nobody has decided."""
    changed = db.session.execute(
        update(ReceiptClaim)
        .where(
            ReceiptClaim.member_id == claim.member_id,
            ReceiptClaim.id == claim.id,
            ReceiptClaim.state == State.PENDING.value,
        )
        .values(**told)
        .returning(ReceiptClaim.id)
    ).first()
    if changed is None:
        raise ClaimDecided
    db.session.refresh(claim)


def list_of_member(member_ids: Sequence[int], *, asked: Asked) -> Page[tuple[ReceiptClaim, Store]]:
    """A page of the member's claims with their stores, the latest first."""
    query = select(ReceiptClaim, Store).join(Store, Store.id == ReceiptClaim.store_id)
    return keyset.rows(query.where(ReceiptClaim.member_id.in_(member_ids)), ORDER, asked)


def list_claims(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[ReceiptClaim, Store]]:
    """A page of claims of all members with their stores, the latest first if not asked otherwise."""
    return keyset.rows(
        select(ReceiptClaim, Store).join(Store, Store.id == ReceiptClaim.store_id).where(*wanted), order, asked
    )


def list_pending(*, behind: Place, limit: int) -> Sequence[Place]:
    """Claims that nobody has decided, behind one or a moment, the oldest first."""
    place = (ReceiptClaim.created_at, ReceiptClaim.member_id, ReceiptClaim.id)
    later = tuple_(*place) > tuple_(*map(literal, behind))
    query = select(*place).where(ReceiptClaim.state == State.PENDING.value, later).order_by(*place).limit(limit)
    return [Place(*row) for row in db.session.execute(query)]


def get(member_id: int, claim_id: int) -> ReceiptClaim:
    """The claim as it stands now; raises NotFound."""
    found = db.session.scalar(
        select(ReceiptClaim)
        .where(ReceiptClaim.member_id == member_id, ReceiptClaim.id == claim_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(claim=claim_id)
    return found


def get_by_public_id(public_id: str, *, visible: ColumnElement[bool]) -> tuple[ReceiptClaim, Store]:
    """A claim with its store if it is visible; raises NotFound."""
    query = select(ReceiptClaim, Store).join(Store, Store.id == ReceiptClaim.store_id)
    found = db.session.execute(query.where(ReceiptClaim.public_id == public_id, visible)).first()
    if found is None:
        raise NotFound(claim=public_id)
    return found._tuple()


def forget(member_ids: Sequence[int]) -> None:
    """Of those who leave: what they claimed goes; what became of it stays with the purchases."""
    db.session.execute(delete(ReceiptClaim).where(ReceiptClaim.member_id.in_(member_ids)))
