"""What `members.load` would do with a file, batch by batch, without doing any of it."""

from collections.abc import Mapping, Sequence

from app.flows.history import outcomes
from app.flows.history.members import OWN_CARD, Incoming
from app.flows.history.outcomes import Outcome
from app.identity import bulk as identity_bulk
from app.identity.errors import CardReserved, CardTaken
from app.identity.models import IdentityKind
from app.verification import phones

# Somebody by the member's number or, for who is not here yet, by a number below zero.
_People = Mapping[str, int]


class ForeseenMembers:
    """Remembers who of the file would be here by now."""

    def __init__(self) -> None:
        self._by_phone: dict[str, int] = {}
        self._by_card: dict[str, int] = {}

    def foresee(self, batch: Sequence[Incoming]) -> list[Outcome]:
        """One outcome each, in order, as `members.load` would say after the batches before."""
        indexes = [phones.phone_index(item.phone) for item in batch]
        cards = [item.card_no for item in batch]
        by_phone = identity_bulk.find_owners(IdentityKind.PHONE, indexes) | self._by_phone
        by_card = identity_bulk.find_owners(IdentityKind.CARD_NO, cards) | self._by_card
        joined = {*identity_bulk.find_joined_by_card(cards), *self._by_card}
        found = []
        for card_no, index in zip(cards, indexes, strict=True):
            outcome = _outcome(card_no, index, by_phone, by_card, joined)
            if outcome is outcomes.NEW:
                person = by_phone.get(index, -1 - len(self._by_phone))
                by_phone[index] = by_card[card_no] = self._by_phone[index] = self._by_card[card_no] = person
                joined.add(card_no)
            found.append(outcome)
        return found


def _outcome(card_no: str, index: str, by_phone: _People, by_card: _People, joined: set[str]) -> Outcome:
    """As `members` decides on one person."""
    owner = by_card.get(card_no)
    if owner is None:
        if OWN_CARD.fullmatch(card_no):
            return outcomes.refused(CardReserved(card_no=card_no))
        return outcomes.NEW
    if owner != by_phone.get(index):
        return outcomes.refused(CardTaken(card_no=card_no))
    return outcomes.KNOWN if card_no in joined else outcomes.NEW
