"""Members of the past, a batch at a time: recognised by phone or card, joined on the day they joined the mall."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.entrances import scans as entrance_scans
from app.entrances.bulk import Opened
from app.entrances.models import Entrance
from app.entrances.scans import Opening
from app.flows.consequences import joining, scanning
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


class Scan(NamedTuple):
    """Which entrance they opened before they joined, and when; the visit key is this opening's alone."""

    entrance: Entrance
    visit_key: str
    at: datetime

    @property
    def opening(self) -> Opening:
        """What is counted."""
        return Opening(entrance_id=self.entrance.id, visit_key=self.visit_key)


@dataclass(frozen=True, slots=True)
class Incoming:
    """Somebody with a card of the mall and a normalised phone; the name may be empty. `scan` led them to join."""

    card_no: str
    phone: str
    name: str
    joined_at: datetime
    scan: Scan | None = None

    @property
    def entrance_id(self) -> int | None:
        """By which entrance they joined."""
        return self.scan.entrance.id if self.scan else None

    def consequences(self, member_id: int, home_mall_id: int, effects: Effects) -> joining.Consequences:
        """What follows from joining, of an entrance's mall or of the one that the batch is for."""
        entrance = self.scan.entrance if self.scan else None
        return joining.Consequences(
            member_id=member_id,
            joined_at=self.joined_at,
            mall_id=entrance.mall_id if entrance else home_mall_id,
            store_id=entrance.store_id if entrance else None,
            source=entrance.scene if entrance else SOURCE,
            effects=effects,
        )


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
            fresh.append((item, index))
        else:
            ordinary.append(position)
        seen_phones.add(index)
        seen_cards.add(item.card_no)
    _join(fresh, home_mall_id, effects, now=now)
    results = [outcomes.NEW] * len(batch)
    for position in ordinary:
        results[position] = _by_verbs(batch[position], home_mall_id, effects, now=now)
    return results


def _join(fresh: Sequence[tuple[Incoming, str]], home_mall_id: int, effects: Effects, *, now: datetime) -> None:
    if not fresh:
        return
    joiners = [
        identity_bulk.Joiner(item.phone, index, item.card_no, item.name, item.joined_at, item.entrance_id)
        for item, index in fresh
    ]
    ids = identity_bulk.join(joiners, home_mall_id=home_mall_id, now=now)
    joined = [(member_id, item) for member_id, (item, _) in zip(ids, fresh, strict=True)]
    scanning.apply_all([_opened(member_id, item, item.scan) for member_id, item in joined if item.scan])
    joining.apply_all([item.consequences(member_id, home_mall_id, effects) for member_id, item in joined], now=now)


def _opened(member_id: int, item: Incoming, scan: Scan) -> Opened:
    return Opened(
        entrance=scan.entrance,
        visit_key=scan.visit_key,
        scanned_at=scan.at,
        member_id=member_id,
        joined_at=item.joined_at,
    )


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
    if item.scan is not None:
        entrance, scan = item.scan.entrance, item.scan
        scanning.apply(person.id, entrance, scan.opening, source=entrance.scene, now=scan.at)
    if members.join(person, entrance_id=item.entrance_id, now=item.joined_at):
        _note_joining(person, item, home_mall_id, effects, now=now)
    if not members.bind_card(person, item.card_no, now=now):
        raise CardTaken(card_no=item.card_no)
    return outcomes.NEW


def _note_joining(person: Member, item: Incoming, home_mall_id: int, effects: Effects, *, now: datetime) -> None:
    if item.name and person.name_sealed is None:
        members.set_name(person, item.name)
    if item.scan is not None:
        entrance_scans.record_join(item.scan.opening, member_id=person.id, now=item.joined_at)
    joining.apply(item.consequences(person.id, home_mall_id, effects), now=now)
