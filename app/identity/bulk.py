"""Members by the thousand, for imports: found by card, locked, and joined in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, select

from app.identity import cards as cards
from app.identity import queries
from app.identity.day_sums import JOINED
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.distribution import database
from app.kernel.errors import Busy
from app.kernel.fastpath.copies import copy_in, next_ids
from app.kernel.security import codes, crypto
from app.kernel.spelling import phones as spelling_phones
from app.verification import phones


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody whose normalised phone and card nobody has yet, and by which entrance they joined, if by any."""

    phone: str
    phone_index: str
    card_no: str
    name: str
    joined_at: datetime
    entrance_id: int | None = None


def find_owners(kind: IdentityKind, values: Collection[str]) -> dict[str, int]:
    """Whose identities these are, as the directory says; unknown ones are left out."""
    rows = db.session.execute(
        select(MemberIdentity.value, MemberIdentity.member_id).where(
            MemberIdentity.kind == kind.value,
            MemberIdentity.value == func.any(bindparam("values", list(values), type_=ARRAY(Text()))),
        )
    )
    return {row.value: row.member_id for row in rows}


def find_joined_by_card(cards: Collection[str]) -> Mapping[str, int]:
    """The joined member behind each card, merges followed; cards of nobody who has joined are left out."""
    owners = find_owners(IdentityKind.CARD_NO, cards)
    joined = _follow_joined(set(owners.values()))
    return {card: joined[member_id] for card, member_id in owners.items() if member_id in joined}


def _follow_joined(member_ids: Collection[int]) -> dict[int, int]:
    """Who each member is now, merges followed; without those who have not joined or have left."""
    ids = bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))
    rows = db.session.execute(select(Member.id, Member.status, Member.merged_into_id).where(Member.id == func.any(ids)))
    found = {}
    for member_id, status, merged_into in rows:
        now_id = member_id
        if merged_into is not None:
            member = queries.get_member(merged_into)
            now_id, status = member.id, member.status
        if status == MemberStatus.MEMBER.value:
            found[member_id] = now_id
    return found


def lock_members(member_ids: Collection[int]) -> None:
    """Locks the members' rows, in ascending order; FOR NO KEY UPDATE, as `queries.lock_member`."""
    for ids in database.lockable(member_ids):
        db.session.execute(
            select(Member.id)
            .where(Member.id == func.any(bindparam("ids", ids, type_=ARRAY(BigInteger()))))
            .order_by(Member.id)
            .with_for_update(key_share=True)
        ).all()


def ensure_joined(member_ids: Collection[int]) -> None:
    """Look again at locked members who were found as joined; raises Busy when one of them has left meanwhile."""
    ids = bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))
    joined = select(func.count()).where(Member.id == func.any(ids), Member.status == MemberStatus.MEMBER.value)
    if db.session.scalar(joined) != len(member_ids):
        raise Busy


def join(joiners: Sequence[Joiner], *, home_mall_id: int, now: datetime) -> list[int]:
    """Make members of them, with their phone, a card of the mall group and the card they brought; returns their ids.

    Raises IntegrityError when one of the identities was taken meanwhile.
    """
    ids = next_ids(Member, len(joiners))
    people, identities = [], []
    for joiner, member_id in zip(joiners, ids, strict=True):
        card_no = cards.card_number(member_id)
        people.append(
            (
                member_id,
                codes.new_public_id(),
                MemberStatus.MEMBER.value,
                home_mall_id,
                crypto.seal(joiner.phone, purpose=phones.PHONE_PURPOSE),
                spelling_phones.mask_phone(joiner.phone),
                crypto.seal(joiner.name, purpose=queries.NAME_PURPOSE) if joiner.name else None,
                queries.name_index(joiner.name) if joiner.name else None,
                card_no,
                joiner.joined_at,
                joiner.entrance_id,
                now,
            )
        )
        identities += [
            (IdentityKind.PHONE.value, joiner.phone_index, member_id, now),
            (IdentityKind.CARD_NO.value, card_no, member_id, joiner.joined_at),
            (IdentityKind.CARD_NO.value, joiner.card_no, member_id, now),
        ]
    columns = (
        "id",
        "public_id",
        "status",
        "home_mall_id",
        "phone_sealed",
        "phone_masked",
        "name_sealed",
        "name_index",
        "card_no",
        "joined_at",
        "join_entrance_id",
        "created_at",
    )
    copy_in(Member, columns, people)
    marks.note_all(JOINED, ((home_mall_id, clock.business_date(joiner.joined_at)) for joiner in joiners))
    copy_in(MemberIdentity, ("kind", "value", "member_id", "bound_at"), sorted(identities))
    return ids


def bind_plates(owned: Sequence[tuple[str, int]], *, now: datetime) -> None:
    """Give joined members plates in their one spelling, at most as many as `plates.LIMIT` to each.

    Raises IntegrityError when one of the plates is somebody's.
    """
    rows = sorted((IdentityKind.PLATE.value, plate, member_id, now) for plate, member_id in owned)
    copy_in(MemberIdentity, ("kind", "value", "member_id", "bound_at"), rows)
