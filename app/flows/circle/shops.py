"""Which shops of the circle are which store."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.circle import circles
from app.circle.errors import ShopNumberInvalid, ShopTaken
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases.aliases import aliases
from app.purchases.waiting import waiting

MOST_NUMBERS = 10
_MOST_WRITTEN = 64
# All of them, one a line: what a form for them holds.
MOST_LETTERS = MOST_NUMBERS * (_MOST_WRITTEN + 1) - 1


def spell(written: Iterable[str]) -> list[str]:
    """Numbers as people typed them, each once; raises ShopNumberInvalid."""
    numbers = list(dict.fromkeys(one for line in written if (one := line.strip())))
    if len(numbers) > MOST_NUMBERS or any(len(one) > _MOST_WRITTEN for one in numbers):
        raise ShopNumberInvalid(most=MOST_NUMBERS, longest=_MOST_WRITTEN)
    return numbers


def name(store: Store, numbers: Sequence[str], *, by: str, now: datetime) -> bool:
    """Let the circle's shops with exactly these numbers be the store; False when they were already.

    Receipts that waited for one of them are recorded by the next run of `record_of_named_stores`. Raises ShopTaken.
    """
    known = aliases.list_codes(store.mall_id, circles.SOURCE)
    owners = {code: store_id for store_id, codes in known.items() for code in codes}
    for number in numbers:
        if owners.get(number, store.id) != store.id:
            raise ShopTaken(number=number, store=malls.get_store(owners[number]).name)
    before = set(known.get(store.id, ()))
    aliases.forget(store.mall_id, circles.SOURCE, before - set(numbers))
    for number in numbers:
        if number not in before:
            aliases.remember(store, circles.SOURCE, number, by=by, now=now)
            waiting.clear_obstacles(store.mall_id, circles.SOURCE, number)
    return before != set(numbers)
