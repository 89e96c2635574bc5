"""What the twin's members buy, bring back and pay with points, each in its order, a batch of everybody at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from app.flows.history import receipts, till_points
from app.flows.purchases import Effects
from app.kernel import clock
from app.points.ledger.errors import InsufficientPoints
from app.purchases import turns
from app.purchases.rules import Receipt
from cli.twin.lives import Bought, Life
from cli.twin.people import Person, World
from cli.twin.points import spending
from cli.twin.stage import SOURCE, Cast, Stage, ensure_all_new


class _Kind(IntEnum):
    BUYS = 0
    BRINGS_BACK = 1
    PAYS_WITH_POINTS = 2


class _Act(NamedTuple):
    at: datetime
    kind: _Kind
    item: receipts.Incoming | till_points.Incoming


def buy(cast: Cast, world: World, stage: Stage, effects: Effects) -> dict[str, int]:
    """Write all of it; returns how many receipts and payments with points that were."""
    counts = {"receipts": 0, "points payments": 0}
    merchants = [store.merchant_id for stores in stage.stores.values() for store in stores]
    with turns.shared():  # processes that make others of the twin tell of nobody's receipts but theirs
        turns.wait_for(merchants)  # all at once
        for kind, items in _batches(cast, world, stage, effects):
            if kind is _Kind.PAYS_WITH_POINTS:
                counts["points payments"] += _pay([one for one in items if isinstance(one, till_points.Incoming)])
            else:
                counts["receipts"] += len(items)
                told = [one for one in items if isinstance(one, receipts.Incoming)]
                ensure_all_new(receipts.load(told, effects=effects, now=clock.now(), mall_id=stage.mall.id))
    return counts


def _batches(
    cast: Cast, world: World, stage: Stage, effects: Effects
) -> Iterator[tuple[_Kind, list[receipts.Incoming | till_points.Incoming]]]:
    """What everybody does, in the order of time.

    A refund goes through the ordinary flow, and whatever its buyer's batch has behind it would, too; and what is paid
    with points is earned before. So the first batch ends for each with their first act of another kind, and so on.
    """
    batches: dict[tuple[int, _Kind], list[_Act]] = defaultdict(list)
    for member_id, one, life in cast.each():
        cuts = 0
        for act in sorted(_acts(member_id, one, life, world, stage, effects), key=lambda act: act.at):
            batches[cuts, act.kind].append(act)
            cuts += act.kind is not _Kind.BUYS
    for (_, kind), batch in sorted(batches.items(), key=lambda item: item[0]):
        yield kind, [act.item for act in sorted(batch, key=lambda act: act.at)]


def _pay(items: Sequence[till_points.Incoming]) -> int:
    """Who has fewer points than the simulator thinks pays otherwise."""
    found = till_points.load(items)
    ensure_all_new([one for one in found if not isinstance(one.error, InsufficientPoints)])
    return sum(one.error is None for one in found)


def _acts(member_id: int, one: Person, life: Life, world: World, stage: Stage, effects: Effects) -> Iterator[_Act]:
    for receipt in _receipts(one, life, stage):
        kind = _Kind.BUYS if receipt.refund_of is None else _Kind.BRINGS_BACK
        yield _Act(receipt.occurred_at, kind, receipts.Incoming(receipt, one.card_no))
    if stage.till is None or effects is Effects.NONE:
        return
    for number, paid in enumerate(spending.spend(world, one, life)):
        store = stage.stores[paid.category][paid.store]
        code = f"{SOURCE}:{one.card_no}:{number}"
        item = till_points.Incoming(member_id, paid.points, store, stage.till.id, code, paid.at)
        yield _Act(paid.at, _Kind.PAYS_WITH_POINTS, item)


def _receipts(one: Person, life: Life, stage: Stage) -> Iterable[Receipt]:
    for number, purchase in enumerate(life.bought):
        receipt = _receipt(one, number, purchase, stage)
        yield receipt
        if purchase.refunded_at is not None and purchase.amount_fen > 0:
            yield _refund(receipt, purchase.refunded_at)


def _receipt(one: Person, number: int, purchase: Bought, stage: Stage) -> Receipt:
    return Receipt(
        source=SOURCE,
        receipt_no=f"{one.card_no}-{number}",
        store_code=stage.stores[purchase.category][purchase.store].code,
        occurred_at=purchase.at,
        amount_fen=purchase.amount_fen,
    )


def _refund(receipt: Receipt, at: datetime) -> Receipt:
    return Receipt(
        source=SOURCE,
        receipt_no=f"{receipt.receipt_no}R",
        store_code=receipt.store_code,
        occurred_at=at,
        amount_fen=-receipt.amount_fen,
        refund_of=receipt.receipt_no,
    )
