"""Recognising, merging and joining members.

Every entrance returns the same member: whoever is recognised by any known identity is that member, and the identities
that are new to us are bound to them. A visitor found to be a member is merged into them; that two who have both joined
are one is noted, and a worker or people see to it (`duplicates/`). Who has left is nobody any more: their identities
are free for somebody new.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity import cards, merges, queries
from app.identity.day_sums import JOINED
from app.identity.duplicates import sightings
from app.identity.errors import MemberClosed, PhoneRequired, PhoneTaken
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import Moment, db, table_of
from app.kernel.fastpath import entities, savepoints
from app.kernel.fastpath.prepared import Prepared
from app.kernel.security import codes, crypto
from app.kernel.spelling import phones as spelling_phones
from app.verification import phones


def recognise(identities: Mapping[IdentityKind, str], *, home_mall_id: int, now: datetime) -> Member:
    """The one member with any of these identities, made as a visitor if nobody has them; binds the new ones.

    The first identity is the strongest: it decides when two joined members would match.
    """
    known: dict[str, int] = {}
    while True:
        people = queries.lock_people(lambda: _owners(identities, known))
        living = [member for member in people if not queries.has_left(member)]
        if living:
            member = _settle_on_one(living, now=now)
            _note_members(living, identities)
            if _bind_all(
                member.id, {kind: one for kind, one in identities.items() if kind.value not in known}, now=now
            ):
                return member
            continue  # somebody got one of them a moment ago: they are this person, too
        for gone in people:
            _let_go(gone, identities)
        visitor = None if people else _create_visitor(identities, home_mall_id=home_mall_id, now=now)
        if visitor is not None:
            return visitor


def _owners(identities: Mapping[IdentityKind, str], known: dict[str, int]) -> list[int]:
    """Distinct owners, in the order of the identities; `known` is filled anew with who owns which kind."""
    known.clear()
    known.update(queries.owners_of(identities))
    return list(dict.fromkeys(known[kind.value] for kind in identities if kind.value in known))


def _let_go(gone: Member, identities: Mapping[IdentityKind, str]) -> None:
    """Set free what still bears the number of somebody who has left."""
    for kind, value in identities.items():
        db.session.execute(
            delete(MemberIdentity).where(
                MemberIdentity.kind == kind.value,
                MemberIdentity.value == value,
                MemberIdentity.member_id == gone.id,
            )
        )


def _create_visitor(identities: Mapping[IdentityKind, str], *, home_mall_id: int, now: datetime) -> Member | None:
    """Make a visitor with all the identities; None, and nothing made, when somebody got one of them a moment ago."""
    values: dict[str, Any] = {
        "public_id": codes.new_public_id(),
        "status": MemberStatus.VISITOR.value,
        "home_mall_id": home_mall_id,
        "created_at": now,
    }
    savepoints.take()
    visitor_id = _CREATE.first(**values).id
    if _bind(visitor_id, identities, now=now) != len(identities):
        savepoints.undo()
        return None
    savepoints.keep()
    return entities.adopt(Member(id=visitor_id, **values))


_MEMBERS = table_of(Member)
_CREATE = Prepared(
    insert(_MEMBERS)
    .values({name: bindparam(name) for name in ("public_id", "status", "home_mall_id", "created_at")})
    .returning(_MEMBERS.c.id)
)


def _setting(*columns: str) -> Prepared:
    """Sets columns of one member."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return Prepared(update(_MEMBERS).where(_MEMBERS.c.id == bindparam("member_id")).values(values))


_SET_PHONE = _setting("phone_sealed", "phone_masked")
_JOIN = _setting("status", "joined_at", "join_entrance_id", "card_no")
_IDENTITIES = table_of(MemberIdentity)
_GIVEN = (
    func.unnest(bindparam("kinds", type_=ARRAY(Text)), bindparam("identities", type_=ARRAY(Text)))
    .table_valued("kind", "value")
    .render_derived()
)
_BIND = Prepared(
    insert(_IDENTITIES)
    .from_select(
        ["kind", "value", "member_id", "bound_at"],
        select(
            _GIVEN.c.kind,
            _GIVEN.c.value,
            bindparam("member_id", type_=BigInteger),
            bindparam("bound_at", type_=Moment),
        ),
    )
    .on_conflict_do_nothing()
)


def _bind(member_id: int, identities: Mapping[IdentityKind, str], *, now: datetime) -> int:
    """Write identities nobody has; returns how many were free. Waits for a transaction that is binding the same."""
    return _BIND.run(**_binding(member_id, identities, now=now)) if identities else 0


def _bind_all(member_id: int, identities: Mapping[IdentityKind, str], *, now: datetime) -> bool:
    """Bind all of them, or none when one is not free."""
    if not identities:
        return True
    savepoints.take()
    if _bind(member_id, identities, now=now) != len(identities):
        savepoints.undo()
        return False
    savepoints.keep()
    return True


def _binding(member_id: int, identities: Mapping[IdentityKind, str], *, now: datetime) -> dict[str, Any]:
    """Sorted, so that transactions which bind the same identities wait for one another and never in a circle."""
    kinds, values = zip(*sorted(identities.items()), strict=True)
    return {
        "kinds": [kind.value for kind in kinds],
        "identities": list(values),
        "member_id": member_id,
        "bound_at": now,
    }


def _settle_on_one(people: Sequence[Member], *, now: datetime) -> Member:
    """The one they all are: who has joined, else the first; visitors are merged into them. All are locked."""
    survivor = next((member for member in people if queries.is_joined(member)), people[0])
    for other in people:
        if other is not survivor and other.status == MemberStatus.VISITOR.value:
            merges.absorb(other, into=survivor, now=now)
    return survivor


def _note_members(people: Sequence[Member], identities: Mapping[IdentityKind, str]) -> None:
    """Several who have joined were recognised as one by a platform that knows people by their unionid."""
    joined = [member.id for member in people if queries.is_joined(member)]
    unionid = identities.get(IdentityKind.UNIONID)
    if len(joined) > 1 and unionid is not None:
        sightings.note("unionid", unionid, joined)


def bind_phone(member: Member, phone: str, *, now: datetime) -> Member:
    """Give the member a verified phone, or find out that they are somebody we know by it; returns who they are, locked.

    Lock nobody before. Raises PhoneTaken when both have joined and are different members, MemberClosed when the member
    has left.
    """
    index = phones.phone_index(phone)
    while True:
        found = _bind_free(member.id, index, now=now)
        if found is not None:
            return _show_phone(found, phone)
        found = _join_up(member.id, index, now=now)
        if found is not None:
            return found if found.phone_sealed is not None else _show_phone(found, phone)


def _show_phone(member: Member, phone: str) -> Member:
    """Keep the phone, sealed and masked; returns the member."""
    known = {
        "phone_sealed": crypto.seal(phone, purpose=phones.PHONE_PURPOSE),
        "phone_masked": spelling_phones.mask_phone(phone),
    }
    _SET_PHONE.later({"member_id": member.id, **known})
    entities.amend(member, **known)
    return member


def _bind_free(member_id: int, index: str, *, now: datetime) -> Member | None:
    """Who the member is, with the phone; None, and nobody locked, when it is somebody else's."""
    savepoints.take()
    member = _living(queries.lock_member(member_id))
    is_theirs = _bind(member.id, {IdentityKind.PHONE: index}, now=now) or (
        queries.find_member_id(IdentityKind.PHONE, index) == member.id
    )
    if not is_theirs:
        savepoints.undo()
        return None
    savepoints.keep()
    return member


def _join_up(member_id: int, index: str, *, now: datetime) -> Member | None:
    """Who the member and the phone's owner are together; None when the phone has become free."""

    def find() -> list[int]:
        owner_id = queries.find_member_id(IdentityKind.PHONE, index)
        return [member_id] if owner_id is None else [member_id, owner_id]

    people = queries.lock_people(find)
    member = _living(people[0])
    if len(people) == 1:
        return None if len(find()) == 1 else member
    owner = people[1]
    if queries.has_left(owner):
        _let_go(owner, {IdentityKind.PHONE: index})
        return None
    if queries.is_joined(member) and queries.is_joined(owner):
        raise PhoneTaken
    return _settle_on_one([member, owner], now=now)


def _living(member: Member) -> Member:
    """The member; raises MemberClosed when they have left."""
    if queries.has_left(member):
        raise MemberClosed
    return member


def join(member: Member, *, entrance_id: int | None, now: datetime) -> bool:
    """Turn a locked visitor with a phone into a member; False when they had joined already.

    Raises PhoneRequired, MemberClosed.
    """
    if queries.is_joined(member):
        return False
    if queries.has_left(member):
        raise MemberClosed
    if member.phone_sealed is None:
        raise PhoneRequired
    card_no = cards.card_number(member.id)
    known = {
        "status": MemberStatus.MEMBER.value,
        "joined_at": now,
        "join_entrance_id": entrance_id,
        "card_no": card_no,
    }
    _JOIN.later({"member_id": member.id, **known})
    marks.note(JOINED, member.home_mall_id, clock.business_date(now))
    entities.amend(member, **known)
    _BIND.later(_binding(member.id, {IdentityKind.CARD_NO: card_no}, now=now))
    return True


def bind_card(member: Member, card_no: str, *, now: datetime) -> bool:
    """Let the member also be known by a card they brought; False when the card is somebody else's."""
    return bind(member, IdentityKind.CARD_NO, card_no, now=now)


def bind(member: Member, kind: IdentityKind, value: str, *, now: datetime) -> bool:
    """Let a locked member be known by one identity more; False when it is somebody else's."""
    _bind(member.id, {kind: value}, now=now)
    return queries.find_member_id(kind, value) == member.id


def set_name(member: Member, name: str) -> None:
    """Keep the member's name, sealed."""
    member.name_sealed = crypto.seal(name, purpose=queries.NAME_PURPOSE)
    member.name_index = queries.name_index(name)
    db.session.flush()


def name_of(member: Member) -> str | None:
    """The name in clear, for those who may see it or a part of it."""
    return None if member.name_sealed is None else crypto.unseal(member.name_sealed, purpose=queries.NAME_PURPOSE)


def phones_of(member_id: int) -> dict[str, str]:
    """The phones in clear that are kept of a person, under any of their numbers, by blind index."""
    numbers = db.session.scalars(select(Member).where(Member.id.in_(queries.list_person_ids(member_id))))
    known = [phone for one in numbers if (phone := phone_of(one)) is not None]
    return {phones.phone_index(phone): phone for phone in known}


def phone_of(member: Member) -> str | None:
    """The phone in clear, for those who may see it."""
    return None if member.phone_sealed is None else crypto.unseal(member.phone_sealed, purpose=phones.PHONE_PURPOSE)
