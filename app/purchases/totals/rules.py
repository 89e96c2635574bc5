"""What tills said of a day against what came: till by till where receipts say theirs, else together. Amounts in fen."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.purchases.totals.models import WHOLE_STORE, TillTotal


class Came(NamedTuple):
    """A receipt that came: its sum, and the till that wrote it, if its source said so."""

    amount_fen: int
    till: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a day that is compared by itself.

    `till` is the till, WHOLE_STORE for what was told of the store as a whole, None for several tills together.
    """

    till: str | None
    told_count: int
    told_fen: int
    came_count: int
    came_fen: int

    @property
    def differs(self) -> bool:
        """Whether count or sum are not the same."""
        return (self.told_count, self.told_fen) != (self.came_count, self.came_fen)


def group(told: Sequence[TillTotal], came: Mapping[str, Came]) -> list[Group]:
    """The parts in which a source's words of a store's day are compared.

    A word of the whole store stands against all receipts. Tills stand each against its own when every receipt says its
    till; what a till rang up of which there is no word is a part of its own then.
    """
    whole = [one for one in told if one.till == WHOLE_STORE]
    tills = [one for one in told if one.till != WHOLE_STORE]
    groups = [_group(WHOLE_STORE, whole, came.values())] if whole else []
    if not tills:
        return groups
    by_till = defaultdict[str | None, list[Came]](list)
    for one in came.values():
        by_till[one.till].append(one)
    if None in by_till:
        return [*groups, _group(None, tills, came.values())]
    words = {one.till: one for one in tills}
    names = sorted({*words, *(till for till in by_till if till is not None)})
    return [*groups, *(_group(one, [words[one]] if one in words else [], by_till.get(one, [])) for one in names)]


def _group(till: str | None, told: Sequence[TillTotal], came: Iterable[Came]) -> Group:
    amounts = [one.amount_fen for one in came]
    told_count, told_fen = sum(one.receipt_count for one in told), sum(one.amount_fen for one in told)
    return Group(till, told_count, told_fen, len(amounts), sum(amounts))


def list_differing(told: Sequence[TillTotal], groups: Sequence[Group]) -> set[str]:
    """The tills whose word does not fit; all of them where a till without a word rang something up."""
    found = {one.till for one in groups if one.differs}
    is_untold = bool(found - {one.till for one in told} - {None})
    return {one.till for one in told if one.till in found or (one.till != WHOLE_STORE and (None in found or is_untold))}
