"""Members of the past, a batch at a time: recognised by phone or card, joined on the day they joined the mall."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.flows.consequences import joining
from app.flows.consequences.effects import Effects
from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.identity import bulk as identity_bulk
from app.identity import members, queries
from app.identity.duplicates import sightings
from app.identity.errors import CardReserved, CardTaken
from app.identity.models import IdentityKind, Member
from app.verification import phones

SOURCE = "import"
OWN_CARD = re.compile(r"6288\d{12}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Somebody with a card of the mall and a normalised phone; the name may be empty."""

    card_no: str
    phone: str
    name: str
    joined_at: datetime


def load(
    batch: Sequence[Incoming], *, home_mall_id: int, effects: Effects, now: datetime, plainly: bool = True
) -> list[Outcome]:
    """Let the people of the batch be members, once each; one outcome each, in order.

    Whoever is known by the phone is that member and gets the card as well. Nobody is granted anything or written to,
    and with effects only the growth of joining is credited. Raises IntegrityError when somebody was joined meanwhile:
    roll back, then say `plainly=False`.
    """
    indexes = [phones.phone_index(item.phone) for item in batch]
    seen_phones = set(identity_bulk.find_owners(IdentityKind.PHONE, indexes))
    seen_cards = set(identity_bulk.find_owners(IdentityKind.CARD_NO, [item.card_no for item in batch]))
    fresh, ordinary = [], []
    for position, (item, index) in enumerate(zip(batch, indexes, strict=True)):
        is_plain = not (index in seen_phones or item.card_no in seen_cards or OWN_CARD.match(item.card_no))
        if is_plain and plainly:
            fresh.append(identity_bulk.Joiner(item.phone, index, item.card_no, item.name, item.joined_at))
        else:
            ordinary.append(position)
        seen_phones.add(index)
        seen_cards.add(item.card_no)
    _join(fresh, home_mall_id, effects, now=now)
    results = [outcomes.NEW] * len(batch)
    for position in ordinary:
        results[position] = _by_verbs(batch[position], home_mall_id, effects, now=now)
    return results


def _join(fresh: Sequence[identity_bulk.Joiner], home_mall_id: int, effects: Effects, *, now: datetime) -> None:
    if not fresh:
        return
    ids = identity_bulk.join(fresh, home_mall_id=home_mall_id, now=now)
    found = [
        joining.Consequences(
            member_id=member_id, joined_at=joiner.joined_at, mall_id=home_mall_id, source=SOURCE, effects=effects
        )
        for member_id, joiner in zip(ids, fresh, strict=True)
    ]
    joining.apply_all(found, now=now)


def _by_verbs(item: Incoming, home_mall_id: int, effects: Effects, *, now: datetime) -> Outcome:
    outcome = outcomes.one_by_one(lambda: _recognise_and_join(item, home_mall_id, effects, now=now))
    if isinstance(outcome.error, CardTaken):
        _note_two(item)
    return outcome


def _note_two(item: Incoming) -> None:
    """The phone of one member stands beside the card of another: they may be one person."""
    owners = (
        queries.find_member_id(IdentityKind.PHONE, phones.phone_index(item.phone)),
        queries.find_member_id(IdentityKind.CARD_NO, item.card_no),
    )
    people = {member.id for owner in owners if owner and queries.is_joined(member := queries.get_member(owner))}
    if len(people) > 1:
        sightings.note("card", item.card_no, people)


def _recognise_and_join(item: Incoming, home_mall_id: int, effects: Effects, *, now: datetime) -> Outcome:
    owner_id = queries.find_member_id(IdentityKind.CARD_NO, item.card_no)
    if owner_id is None and OWN_CARD.fullmatch(item.card_no):
        raise CardReserved(card_no=item.card_no)
    index = phones.phone_index(item.phone)
    is_known = owner_id is not None and queries.find_member_id(IdentityKind.PHONE, index) == owner_id
    if owner_id is not None and not is_known:
        raise CardTaken(card_no=item.card_no)
    person = members.recognise({IdentityKind.PHONE: index}, home_mall_id=home_mall_id, now=now)
    if queries.is_joined(person) and is_known:
        return outcomes.KNOWN
    person = members.bind_phone(person, item.phone, now=now)
    if members.join(person, entrance_id=None, now=item.joined_at):
        _note_joining(person, item, home_mall_id, effects, now=now)
    if not members.bind_card(person, item.card_no, now=now):
        raise CardTaken(card_no=item.card_no)
    return outcomes.NEW


def _note_joining(person: Member, item: Incoming, home_mall_id: int, effects: Effects, *, now: datetime) -> None:
    if item.name and person.name_sealed is None:
        members.set_name(person, item.name)
    found = joining.Consequences(
        member_id=person.id, joined_at=item.joined_at, mall_id=home_mall_id, source=SOURCE, effects=effects
    )
    joining.apply(found, now=now)
